package io.urrl.launch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.plan.LearningRate;
import io.urrl.launch.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings from defaults, file and command line, and what is said of wrong ones. */
final class SettingsLoaderTest {

  @Test
  void defaultsMakeTheEmbeddedJob() {
    Settings settings = SettingsLoader.load(null, Map.of());
    assertEquals("shapes", settings.source());
    assertEquals("urrl", settings.recipe());
    assertEquals("resnet18", settings.encoder().arch());
    assertEquals("cifar", settings.encoder().stem());
    assertEquals(16, settings.encoder().width());
    assertEquals(32, settings.imageSize());
    assertEquals(0, settings.train().staleness());
  }

  /** Each key's meaning stands in the comment above it. */
  @Test
  void everyDefaultIsExplained() {
    SettingsLoader.defaults()
        .entrySet()
        .forEach(
            entry ->
                assertTrue(
                    !entry.getValue().origin().comments().isEmpty(),
                    entry.getKey() + " has no comment in cluster.conf"));
  }

  @Test
  void commandLineWinsOverFileAndFileOverDefaults(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("my.conf"),
            "urrl { train { epochs = 3, seed = 7 }, checkpoint.keep = 9 }\n");
    Settings settings =
        SettingsLoader.load(file, Map.of("train.epochs", "5", "urrl.checkpoint.every", "11"));
    assertEquals(5, settings.train().epochs());
    assertEquals(7, settings.train().seed());
    assertEquals(9, settings.checkpointKeep());
    assertEquals(11, settings.checkpointEvery());
    assertEquals(64, settings.train().batch());
  }

  @Test
  void secondsMayBeFractions() {
    Settings settings = SettingsLoader.load(null, Map.of("stream.send-timeout", "0.25"));
    assertEquals(Duration.ofMillis(250), settings.stream().sendTimeout());
  }

  @Test
  void whatIsPekkosGoesThroughUnchecked() {
    Settings settings =
        SettingsLoader.load(
            null, Map.of("pekko.loglevel", "DEBUG", "pekko.cluster.seed-nodes", "[a, b]"));
    assertEquals("DEBUG", settings.config().getString("pekko.loglevel"));
    assertEquals(2, settings.config().getStringList("pekko.cluster.seed-nodes").size());
  }

  @Test
  void unknownKeyInAFileIsNamedWithItsLineAndTheNearest(@TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("my.conf"), "urrl {\n  train.epohcs = 3\n}\n");
    String text = failure(file, Map.of());
    assertEquals(
        file + ": 2: unknown key urrl.train.epohcs; did you mean urrl.train.epochs?", text);
  }

  @Test
  void unknownRootIsAnError(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("my.conf"), "train.epochs = 3\n");
    String text = failure(file, Map.of());
    assertTrue(text.startsWith(file + ": 1: unknown key train; did you mean urrl."), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.epohcs   | 3     | unknown key urrl.train.epohcs; did you mean urrl.train.epochs?",
        "micro-batch    | 3     | did you mean urrl.train.micro-batch?",
        "trian.lr       | 3     | unknown key urrl.trian.lr; did you mean urrl.train.lr?",
        "lr             | 3     | did you mean urrl.train.lr or urrl.evaluate.linear.lr?",
        "evalute.linear.lr | 3  | did you mean urrl.evaluate.linear.lr?",
        "encoder.witdh  | 3     | did you mean urrl.encoder.width?",
        "a b            | 3     | unknown key urrl.\"a b\"",
        "train..epochs  | 3     | is no key; give --set section.key=value",
        "train.epochs   | ten   | urrl.train.epochs is \"ten\"; expected is a whole number",
        "train.epochs   | 3.5   | urrl.train.epochs is \"3.5\"; expected is a whole number",
        "train.lr       | high  | urrl.train.lr is \"high\"; expected is a number",
        "train.lr       | NaN   | urrl.train.lr is \"NaN\"; expected is a number",
        "train          | 5     | urrl.train is \"5\"; expected is a section such as {",
        "train.batch    | 100   | batch 100 is not a multiple of micro-batch 64",
        "train.bn-groups| 3     | micro-batch 64 is not a multiple of bn-groups 3",
        "train.batch    | 0     | train.batch must be at least 1, not 0",
        "train.queue    | 32    | queue 32 cannot hold the keys of one batch of 64",
        "train.lr       | 0     | train.lr must be positive",
        "train.momentum | 1.5   | train.momentum must be from 0 to 1, not 1.5",
        "train.schedule | linear| train.schedule linear is unknown: give cosine, step, constant",
        "train.on-nan   | ignore| on-nan ignore is unknown: give stop or skip",
        "encoder.arch   | vgg   | encoder.arch vgg is unknown",
        "encoder.stem   | large | encoder.stem large is unknown",
        "encoder.width  | 0     | encoder.width must be at least 1, not 0",
        "encoder.image-size | 7 | encoder.image-size must be at least 8, not 7",
        "recipe         | simclr| recipe simclr is unknown",
        "workers.gpu    | 0     | workers.gpu must be at least 1, not 0",
        "workers.lease-timeout | 0 | workers.lease-timeout must be positive, not 0.0",
        "train.weight-decay | -1 | train.weight-decay must be 0 or more, not -1.0",
        "checkpoint.keep| 0     | checkpoint.keep must be at least 1, not 0",
        "data.max-broken| 2     | data.max-broken must be from 0 to 1, not 2.0",
        "stream.mode    | tcp   | stream.mode tcp is unknown: give auto or udp",
        "stream.mtu     | 1     | stream.mtu must be a multiple of 32 from 512 to 65504, not 1",
      })
  void wrongSettingsAreOneClearLine(String key, String value, String expected) {
    String text = failure(null, Map.of(key, value));
    assertTrue(text.contains(expected), text);
    assertEquals(1, text.lines().count(), text);
  }

  @Test
  void aDataSetWithoutANameIsRefused() {
    assertEquals(
        "data.source must name a data set, such as shapes, or a directory, not ' '",
        failure(null, Map.of("data.source", " ")));
  }

  /** A run goes on from any directory. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "photos          | HERE/photos",
        "./photos        | HERE/photos",
        "../photos       | HERE/../photos",
        "a/{train,val}-{000..146}.tar | HERE/a/{train,val}-{000..146}.tar",
        "photos.urrl     | HERE/photos.urrl",
        "/data/photos    | /data/photos",
        "shapes          | shapes",
        "shapes:train=64 | shapes:train=64",
      })
  void theDataSetHasItsWholePath(String typed, String whole) {
    Settings settings = SettingsLoader.load(null, Map.of("data.source", typed));
    String here = Path.of("").toAbsolutePath().toString();
    assertEquals(whole.replace("HERE", here), settings.withAbsoluteSource().source());
  }

  @Test
  void missingAndBrokenFilesAreNamed(@TempDir Path directory) throws IOException {
    Path missing = directory.resolve("none.conf");
    assertTrue(failure(missing, Map.of()).contains("none.conf does not exist"));
    Path broken = Files.writeString(directory.resolve("my.conf"), "urrl {\n");
    String text = failure(broken, Map.of());
    assertTrue(text.startsWith("settings file " + broken + ": "), text);
    assertEquals(1, text.lines().count(), text);
  }

  @Test
  void warmUpAndStepScheduleAreUsable() {
    Settings warm = SettingsLoader.load(null, Map.of("train.warmup-steps", "10"));
    assertEquals(warm.train().lr() / 10, warm.train().rate(100).at(0));
    LearningRate step =
        SettingsLoader.load(null, Map.of("train.schedule", "step", "train.lr", "1"))
            .train()
            .rate(10);
    assertEquals(1, step.at(5));
    assertEquals(0.1, step.at(6), 1e-12);
    assertEquals(0.01, step.at(8), 1e-12);
  }

  @Test
  void aStepScheduleOfOneStepIsNoError() {
    Settings settings = SettingsLoader.load(null, Map.of("train.schedule", "step"));
    assertEquals(settings.train().lr(), settings.train().rate(1).at(0));
  }

  private static String failure(Path file, Map<String, String> keys) {
    return assertThrows(UserException.class, () -> SettingsLoader.load(file, keys)).getMessage();
  }
}
