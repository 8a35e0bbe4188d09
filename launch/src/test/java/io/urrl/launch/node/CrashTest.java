package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.launch.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed without warning goes on to the same end. */
@Timeout(180)
class CrashTest {
  private static final int SAMPLES = PictureSets.open("shapes", Split.TRAIN).size();
  private static final Map<String, String> RUN =
      Map.of("train.max-steps", "40", "checkpoint.every", "3");

  @TempDir private Path folder;

  @Test
  void resumesWithTheSameBitsAfterAKillAtAnyMoment() throws Exception {
    Settings settings = Runs.settings(RUN);
    Runs.run(settings, folder.resolve("whole"), false, step -> {});
    Runs.Left whole = Runs.left(settings, folder.resolve("whole"), SAMPLES);
    SplittableRandom random = new SplittableRandom(20);
    Path run = folder.resolve("killed");
    boolean resume = false;
    for (int kill = 0; kill < 3; kill++) {
      int lines = 4 + kill * 11 + random.nextInt(6);
      Process process = start(run, resume);
      awaitLines(process, run.resolve("metrics.jsonl"), lines);
      process.destroyForcibly().waitFor();
      resume = true;
    }
    Process last = start(run, true);
    assertTrue(last.waitFor(60, TimeUnit.SECONDS), "the resumed run does not end");
    assertEquals(0, last.exitValue());
    Runs.Left left = Runs.left(settings, run, SAMPLES);
    assertEquals(whole, left);
    assertEquals(List.of(), left.audit().faults());
  }

  private Process start(Path run, boolean resume) throws IOException {
    List<String> arguments = resume ? List.of("--resume") : List.of();
    return RunProcess.start(RUN, run, List.of(), arguments, folder.resolve("output.txt"));
  }

  private void awaitLines(Process process, Path file, int lines)
      throws IOException, InterruptedException {
    while (!Files.exists(file) || Files.readAllLines(file).size() < lines) {
      boolean ended = process.waitFor(5, TimeUnit.MILLISECONDS);
      assertTrue(!ended, () -> "ended early: " + output());
    }
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output.txt"));
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
