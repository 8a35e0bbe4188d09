package io.urrl.launch.command.soak;

import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What all runs of a soak test compute, whatever their configuration.
 *
 * @param settings as keys of {@code cluster.conf}, without {@code urrl.}
 * @param steps of a short run
 */
public record Plan(Map<String, String> settings, int steps) {
  static final String TENSOR_THREADS = "workers.tensor-threads";

  /** What a configuration may change, as it is in the plain one. */
  static final Map<String, String> PLAIN =
      Map.of(
          "workers.gpu", "1", "workers.augment", "1", TENSOR_THREADS, "1", "stream.mode", "auto");

  /** A network and pictures so small that starting takes longer than training. */
  private static final Map<String, String> SMALL =
      Map.of(
          "encoder.width", "4",
          "encoder.image-size", "32",
          "train.batch", "64",
          "train.micro-batch", "32");

  /** Set by the soak test itself. */
  private static final Set<String> OWN =
      Set.of("run.dir", "train.max-steps", "checkpoint.every", "checkpoint.keep");

  private static final String EPOCHS = "train.epochs";
  private static final String PREFIX = "urrl.";

  /** Epochs of a long run, which is ended by the clock. */
  private static final String ENDLESS = "1000000";

  private static final int LONG_CHECKPOINT_EVERY = 200;

  /**
   * Small runs, but for what is overridden.
   *
   * @throws UserException for an unknown key, a wrong value, and what a soak test cannot have
   */
  public static Plan of(Map<String, String> overrides, int steps) {
    Map<String, String> settings = new TreeMap<>(SMALL);
    for (Map.Entry<String, String> one : overrides.entrySet()) {
      String key = one.getKey();
      settings.put(key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key, one.getValue());
    }
    Set<String> taken = new TreeSet<>(settings.keySet());
    taken.removeIf(key -> !OWN.contains(key) && !PLAIN.containsKey(key));
    if (!taken.isEmpty()) {
      throw new UserException(
          "%s cannot be set: --configurations and --steps do that"
              .formatted(String.join(" and ", taken)));
    }
    Settings checked = SettingsLoader.load(null, settings);
    if (checked.train().staleness() > 0) {
      throw new UserException(
          "train.staleness must be 0: with more, the order of arrival decides the bits");
    }
    return new Plan(settings, steps);
  }

  /** Settings of a short run. */
  Map<String, String> ofShortRun(Configuration configuration) {
    Map<String, String> all = merged(configuration);
    all.put("train.max-steps", Integer.toString(steps));
    all.put("checkpoint.every", "0");
    return all;
  }

  /** Settings of a long run: the learning rate's schedule is as good as endless. */
  Map<String, String> ofLongRun(Configuration configuration) {
    Map<String, String> all = merged(configuration);
    all.putIfAbsent(EPOCHS, ENDLESS);
    all.put("train.max-steps", "0");
    all.put("checkpoint.every", Integer.toString(LONG_CHECKPOINT_EVERY));
    return all;
  }

  private Map<String, String> merged(Configuration configuration) {
    Map<String, String> all = new TreeMap<>(settings);
    all.putAll(configuration.settings());
    return all;
  }

  /** The command of a run. */
  static List<String> command(Map<String, String> settings, String directory) {
    List<String> command = new ArrayList<>(List.of("pretrain", "--no-evaluation"));
    command.addAll(List.of("--run", directory));
    settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    return command;
  }
}
