package io.urrl.launch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import io.urrl.actors.files.FileFailure;
import io.urrl.augment.data.PictureSet;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.gpu.pretext.BitProbe;
import io.urrl.launch.Product;
import io.urrl.launch.UserException;
import io.urrl.launch.config.ResumeRules;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a run is: the content of {@code run.json}, written when the run begins and again when a
 * resume changes settings that may change.
 *
 * @param id identity of the run in hexadecimal, made when it begins; empty in what an earlier
 *     version wrote, until a resume
 * @param recorded the run's settings, as keys of {@code cluster.conf}
 * @param samples pictures of the training set
 * @param fingerprint of the training set
 * @param probe digest of a small fixed pass on the machine that the run began on, hexadecimal
 * @param tensors that machine's device, library, threads and instructions, for people
 */
public record RunDescription(
    String id, Config recorded, int samples, String fingerprint, String probe, String tensors) {
  static final String FILE = "run.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Describes a run that begins. */
  public static RunDescription of(Settings settings, PictureSet train, TensorRuntime runtime) {
    return new RunDescription(
        freshId(),
        settings.config().withOnlyPath("urrl"),
        train.size(),
        fingerprint(train),
        probe(runtime),
        runtime.describe());
  }

  private static String freshId() {
    return Long.toHexString(UUID.randomUUID().getMostSignificantBits());
  }

  private static String probe(TensorRuntime runtime) {
    return Long.toHexString(BitProbe.of(runtime));
  }

  /**
   * Reads the description of the run in a directory.
   *
   * @throws UserException when there is none that can be read
   */
  public static RunDescription read(Path directory) {
    Path file = directory.resolve(FILE);
    if (Files.notExists(file)) {
      throw new UserException(
          "there is no run in %s: it %s; give the directory of a run"
              .formatted(directory, Files.exists(directory) ? "has no " + FILE : "does not exist"));
    }
    try {
      JsonNode all = JSON.readTree(Files.readAllBytes(file));
      Config settings =
          ConfigFactory.parseString(
              all.required("settings").toString(),
              ConfigParseOptions.defaults().setOriginDescription(file.toString()));
      RunDescription description =
          new RunDescription(
              all.path("id").asText(),
              settings.atPath("urrl"),
              all.required("samples").asInt(),
              all.required("fingerprint").asText(),
              all.path("probe").asText(),
              all.path("tensors").asText());
      number("id", description.id());
      number("probe", description.probe());
      number("fingerprint", description.fingerprint());
      return description;
    } catch (IOException | IllegalArgumentException e) {
      throw new UserException(
          "%s cannot be read: %s; bring back a copy, or begin another --run"
              .formatted(file, reason(e)),
          e);
    }
  }

  /** A number in hexadecimal; 0 where there is none. */
  private static long number(String name, String text) {
    try {
      return text.isEmpty() ? 0 : Long.parseUnsignedLong(text, 16);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s is %s and no hexadecimal number".formatted(name, text), e);
    }
  }

  /** {@link #fingerprint} as augment workers compare it. */
  public long trainFingerprint() {
    return number("fingerprint", fingerprint);
  }

  /** {@link #id} as it stands in every chunk header. */
  public long runId() {
    return number("id", id);
  }

  /** {@link #probe} as workers compare it. */
  public long bitProbe() {
    return number("probe", probe);
  }

  private static String reason(Exception failure) {
    return failure instanceof IOException e
        ? FileFailure.reason(e).lines().findFirst().orElse("")
        : String.valueOf(failure.getMessage());
  }

  /** The description of the run that a checkpoint belongs to, where it lies in its run. */
  public static Optional<RunDescription> ofCheckpoint(Path checkpoint) {
    return Optional.ofNullable(checkpoint.toAbsolutePath().normalize().getParent())
        .map(Path::getParent)
        .filter(directory -> Files.exists(directory.resolve(FILE)))
        .map(RunDescription::read);
  }

  /** The settings that the run began with. */
  public Settings settings() {
    return SettingsLoader.load(recorded, null, Map.of());
  }

  /** Of the settings, the data set and the network. */
  public Config dataAndEncoder() {
    return recorded.withOnlyPath("urrl.data").withFallback(recorded.withOnlyPath("urrl.encoder"));
  }

  /** The run's settings but for the directory, which may have been moved. */
  public Config withoutDirectory() {
    return recorded.withoutPath("urrl.run.dir");
  }

  /**
   * Checks that a run may go on with these settings and data.
   *
   * @throws UserException naming the first thing that makes it another run
   */
  public void requireSame(Settings now, PictureSet train) {
    if (!fingerprint.equals(fingerprint(train))) {
      throw new UserException(
          now.source() + " is not the data set that the run began with; give the same --data");
    }
    ResumeRules.check(settings().config(), now.config());
  }

  /**
   * What {@code run.json} says after a resume, which may have changed settings: all else stays.
   * What an earlier version did not write is added.
   */
  public static ObjectNode updated(Path directory, Settings now, TensorRuntime runtime)
      throws IOException {
    ObjectNode all = (ObjectNode) JSON.readTree(Files.readAllBytes(directory.resolve(FILE)));
    if (!all.has("id")) {
      all.put("id", freshId());
    }
    if (!all.has("probe")) {
      all.put("probe", probe(runtime));
      all.put("tensors", runtime.describe());
    }
    all.set("settings", json(now.config()));
    return all;
  }

  private static JsonNode json(Config settings) throws IOException {
    return JSON.readTree(settings.getConfig("urrl").root().render(ConfigRenderOptions.concise()));
  }

  /**
   * Checks that this machine computes the run's bits, where they are to be the same.
   *
   * @throws UserException saying what differs and what to set
   */
  public void requireSameBits(Settings now, TensorRuntime runtime) {
    if (!now.train().exact() || now.train().staleness() > 0) {
      return;
    }
    String here = probe(runtime);
    if (!probe.isEmpty() && !probe.equals(here)) {
      throw new UserException(
          "this machine computes other bits than the one that the run began on: probe %s (%s), and %s (%s) there; resume on a machine of that kind, or admit the difference with --set train.exact=relaxed"
              .formatted(here, runtime.describe(), probe, tensors));
    }
  }

  private static String fingerprint(PictureSet train) {
    return Long.toHexString(train.fingerprint());
  }

  /** As JSON. */
  public ObjectNode json() throws IOException {
    ObjectNode all = JSON.createObjectNode();
    all.put("product", Product.NAME);
    all.put("id", id);
    all.put("java", Runtime.version().toString());
    all.put("samples", samples);
    all.put("fingerprint", fingerprint);
    all.put("probe", probe);
    all.put("tensors", tensors);
    all.set("settings", json(recorded));
    return all;
  }
}
