package io.urrl.launch.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.run.TrainerSettings;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.gpu.pretext.BitProbe;
import io.urrl.launch.config.Settings;
import io.urrl.launch.node.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node finds out of a run that it knows the directory of. */
final class OpenedRunTest {
  private static final String SOURCE = "shapes:train=64,test=16";
  private static final TensorRuntime RUNTIME = TensorRuntime.open(1);

  @TempDir private Path folder;
  private Path run;
  private Settings settings;

  @BeforeEach
  void begin() throws IOException {
    run = folder.resolve("run");
    settings = settings(Map.of());
    describe(settings);
  }

  private static Settings settings(Map<String, String> more) {
    Map<String, String> keys = new HashMap<>(more);
    keys.put("data.source", SOURCE);
    keys.put("data.max-broken", "0.25");
    return Runs.settings(keys).onThisMachine();
  }

  private void describe(Settings now) throws IOException {
    try (RunDirectory directory = RunDirectory.open(run, Files.exists(run))) {
      directory.describe(
          Files.exists(run.resolve(RunDescription.FILE))
              ? RunDescription.updated(run, now, RUNTIME)
              : RunDescription.of(now, PictureSets.open(SOURCE, Split.TRAIN), RUNTIME).json());
    }
  }

  @Test
  void theDirectoryTellsWhatTrainerAndWorkersAreToKnow() {
    TrainerSettings trainer = OpenedRun.of(run).constants().trainer();
    RunBrief brief = trainer.brief();
    assertEquals(RunDescription.read(run).runId(), brief.runId());
    assertEquals(OpenedRun.plan(settings, 64, true), brief.plan());
    DataSet data = new DataSet(SOURCE, PictureSets.open(SOURCE, Split.TRAIN).fingerprint(), 0);
    assertEquals(new RunBrief.ViewBrief(data, "urrl", 16), brief.views());
    assertEquals(settings.encoder(), brief.encoder());
    assertEquals(BitProbe.of(RUNTIME), brief.probe());
    assertEquals(16, trainer.brokenLimit());
    assertEquals(5, trainer.checkpointEvery());
    assertTrue(OpenedRun.of(run).constants().judged().isEmpty());
  }

  @Test
  void whatAResumeChangedCounts() throws IOException {
    long id = OpenedRun.of(run).constants().trainer().brief().runId();
    describe(
        settings(
            Map.of("checkpoint.every", "7", "evaluate.knn-every", "4", "train.exact", "relaxed")));
    OpenedRun.Constants now = OpenedRun.of(run).constants();
    assertEquals(7, now.trainer().checkpointEvery());
    assertEquals(4, now.judged().orElseThrow().evaluate().knnEvery());
    assertEquals(0, now.trainer().brief().probe(), "other bits are admitted");
    assertEquals(id, now.trainer().brief().runId());
  }

  @Test
  void aRunThatWasMovedIsTheSame() throws IOException {
    OpenedRun.Constants before = OpenedRun.of(run).constants();
    Path moved = Files.move(run, folder.resolve("elsewhere"));
    OpenedRun opened = OpenedRun.of(moved);
    assertEquals(before.trainer(), opened.constants().trainer());
    assertEquals(before.facts().plan(), opened.constants().facts().plan());
    opened.requireUsable();
    assertTrue(Files.exists(moved.resolve("ledger.jsonl")));
    assertFalse(Files.exists(run));
  }
}
