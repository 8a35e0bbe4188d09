package io.urrl.launch.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.data.DataException;
import io.urrl.augment.data.PictureSet;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsLoader;
import io.urrl.launch.node.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunDescriptionTest {
  private static final String SOURCE = "shapes:train=64,test=16";

  private static final TensorRuntime RUNTIME = TensorRuntime.open(1);

  @TempDir private Path run;

  private static PictureSet pictures(String source) throws DataException {
    return PictureSets.open(source, Split.TRAIN);
  }

  private Settings begin(Map<String, String> overrides) throws DataException, IOException {
    Settings settings = Runs.settings(overrides).onThisMachine();
    try (RunDirectory directory = RunDirectory.open(run, false)) {
      directory.describe(RunDescription.of(settings, pictures(SOURCE), RUNTIME).json());
    }
    return settings;
  }

  @Test
  void aRunIsReadBackAsItWasWritten() throws DataException, IOException {
    Settings before = begin(Map.of("data.source", SOURCE, "train.lr", "0.0625"));
    RunDescription read = RunDescription.read(run);
    assertEquals(64, read.samples());
    Settings now = read.settings();
    assertEquals(before.train(), now.train());
    assertEquals(before.encoder(), now.encoder());
    assertEquals(before.workers(), now.workers());
    assertEquals(SOURCE, now.source());
  }

  @Test
  void aRunsIdIsMadeWhenItBeginsAndStays() throws DataException, IOException {
    Settings settings = begin(Map.of("data.source", SOURCE));
    RunDescription begun = RunDescription.read(run);
    assertEquals(Long.parseUnsignedLong(begun.id(), 16), begun.runId());
    assertNotEquals(0, begun.runId());
    resume(settings);
    assertEquals(begun, RunDescription.read(run));
    assertNotEquals(
        begun.id(), RunDescription.of(settings, pictures(SOURCE), RUNTIME).id(), "of another run");
  }

  @Test
  void whatAnEarlierVersionDidNotWriteIsAddedByAResume() throws DataException, IOException {
    Settings settings = begin(Map.of("data.source", SOURCE));
    RunDescription begun = RunDescription.read(run);
    Path file = run.resolve("run.json");
    List<String> kept =
        Files.readAllLines(file).stream()
            .filter(line -> !line.contains("\"id\"") && !line.contains("\"probe\""))
            .toList();
    Files.write(file, kept);
    assertEquals(0, RunDescription.read(run).runId());
    resume(settings);
    RunDescription resumed = RunDescription.read(run);
    assertNotEquals(0, resumed.runId());
    assertEquals(begun.probe(), resumed.probe());
    resume(settings);
    assertEquals(resumed, RunDescription.read(run));
  }

  private void resume(Settings settings) throws IOException {
    try (RunDirectory directory = RunDirectory.open(run, true)) {
      directory.describe(RunDescription.updated(run, settings, RUNTIME));
    }
  }

  @Test
  void aRunGoesOnWithItsOwnSettingsAndThoseThatItMayChange() throws DataException, IOException {
    begin(Map.of("data.source", SOURCE, "run.dir", "elsewhere"));
    RunDescription read = RunDescription.read(run);
    Settings now =
        SettingsLoader.load(
            read.withoutDirectory(), null, Map.of("train.epochs", "9", "workers.gpu", "2"));
    assertEquals(32, now.train().batch());
    assertEquals(9, now.train().epochs());
    assertEquals("", now.runDirectory());
    assertDoesNotThrow(() -> read.requireSame(now, pictures(SOURCE)));
  }

  @Test
  void whatWouldMakeItAnotherRunIsNamed() throws DataException, IOException {
    begin(Map.of("data.source", SOURCE));
    RunDescription read = RunDescription.read(run);
    Settings other = SettingsLoader.load(read.recorded(), null, Map.of("train.batch", "64"));
    String text =
        assertThrows(UserException.class, () -> read.requireSame(other, pictures(SOURCE)))
            .getMessage();
    assertEquals(
        "train.batch is 64 and was 32 when the run began; leave it out, or begin another --run",
        text);
    Settings wide = SettingsLoader.load(read.recorded(), null, Map.of("encoder.width", "8"));
    String network =
        assertThrows(UserException.class, () -> read.requireSame(wide, pictures(SOURCE)))
            .getMessage();
    assertTrue(network.startsWith("encoder.width is 8 and was 4"), network);
    String data =
        assertThrows(
                UserException.class,
                () -> read.requireSame(read.settings(), pictures("shapes:train=65,test=16")))
            .getMessage();
    assertTrue(data.contains("is not the data set that the run began with"), data);
  }

  private String refusal(Map<String, String> overrides) {
    RunDescription read = RunDescription.read(run);
    Settings other = SettingsLoader.load(read.recorded(), null, overrides);
    return assertThrows(
            UserException.class,
            () -> {
              read.requireSame(other, pictures(SOURCE));
              read.requireSameBits(other, RUNTIME);
            })
        .getMessage();
  }

  @Test
  void whatDecidesAGradientsLastBitsIsRecordedAndKept() throws DataException, IOException {
    begin(Map.of("data.source", SOURCE, "workers.tensor-threads", "0"));
    RunDescription read = RunDescription.read(run);
    assertEquals(
        Runtime.getRuntime().availableProcessors(), read.settings().workers().tensorThreads());
    String isa = read.settings().workers().tensorIsa();
    assertTrue(List.of("avx2", "avx512").contains(isa), isa);
    assertDoesNotThrow(() -> read.requireSameBits(read.settings(), RUNTIME));
    String threads = refusal(Map.of("workers.tensor-threads", "77"));
    assertTrue(threads.startsWith("workers.tensor-threads is 77 and was "), threads);
    String other = isa.equals("avx2") ? "avx512" : "avx2";
    String instructions = refusal(Map.of("workers.tensor-isa", other));
    assertTrue(instructions.contains("tensor-isa is " + other + " and was " + isa), instructions);
    assertTrue(instructions.contains("train.exact=relaxed"), instructions);
  }

  @Test
  void aMachineThatComputesOtherBitsIsRefusedUnlessThatIsAdmitted()
      throws DataException, IOException {
    begin(Map.of("data.source", SOURCE));
    Path file = run.resolve("run.json");
    String probe = RunDescription.read(run).probe();
    Files.writeString(file, Files.readString(file).replace(probe, "abc"));
    String text = refusal(Map.of());
    assertTrue(text.contains("probe " + probe) && text.contains("abc"), text);
    RunDescription read = RunDescription.read(run);
    for (Map<String, String> admitted :
        List.of(Map.of("train.exact", "relaxed"), Map.of("train.staleness", "1"))) {
      Settings relaxed = SettingsLoader.load(read.recorded(), null, admitted);
      assertDoesNotThrow(() -> read.requireSameBits(relaxed, RUNTIME));
    }
  }

  @Test
  void aCheckpointKnowsItsRunsNetwork() throws DataException, IOException {
    begin(Map.of("data.source", SOURCE, "train.lr", "3"));
    Path checkpoint = Files.createDirectories(run.resolve("checkpoints/step-000000012"));
    Settings settings =
        SettingsLoader.load(
            RunDescription.ofCheckpoint(checkpoint).orElseThrow().dataAndEncoder(), null, Map.of());
    assertEquals(4, settings.encoder().width());
    assertEquals(16, settings.imageSize());
    assertEquals(SOURCE, settings.source());
    assertEquals(SettingsLoader.load(null, Map.of()).train(), settings.train());
    assertTrue(RunDescription.ofCheckpoint(Files.createTempDirectory(run, "copy")).isEmpty());
    assertTrue(RunDescription.ofCheckpoint(Path.of("/")).isEmpty());
  }

  @Test
  void aDirectoryWithoutARunAndADamagedDescriptionAreNamed() throws IOException {
    String none = assertThrows(UserException.class, () -> RunDescription.read(run)).getMessage();
    assertTrue(none.contains("there is no run in " + run), none);
    for (String damage :
        new String[] {
          "",
          "{\"settings\": {",
          "{\"samples\": 3}",
          "{\"id\": \"xyz\", \"settings\": {}, \"samples\": 3, \"fingerprint\": \"5\"}"
        }) {
      Files.writeString(run.resolve("run.json"), damage);
      String text = assertThrows(UserException.class, () -> RunDescription.read(run)).getMessage();
      assertTrue(text.contains("run.json cannot be read"), text);
    }
  }

  @Test
  void anUnknownKeyOfAnotherVersionIsNamedWithItsFile() throws DataException, IOException {
    begin(Map.of("data.source", SOURCE));
    Path file = run.resolve("run.json");
    Files.writeString(file, Files.readString(file).replace("\"warmup-steps\"", "\"warm-up\""));
    String text =
        assertThrows(UserException.class, () -> RunDescription.read(run).settings()).getMessage();
    assertTrue(text.contains("run.json") && text.contains("warm-up"), text);
  }
}
