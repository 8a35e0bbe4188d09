package io.urrl.launch.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.RunNews;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.node.Runs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run's checkpoints by their various names, damaged ones, and beginning anew. */
final class RunCheckpointsTest {
  private static final Map<String, String> SHORT =
      Map.of(
          "data.source", "shapes:train=64,test=16",
          "train.max-steps", "4",
          "checkpoint.every", "2",
          "checkpoint.keep", "1");

  @TempDir private Path place;

  private final List<String> notices = new ArrayList<>();

  private Path trained() {
    Path run = place.resolve("run");
    assertInstanceOf(
        RunNews.Outcome.Done.class, Runs.run(Runs.settings(SHORT), run, false, step -> {}));
    return run;
  }

  private static void damage(Path checkpoint) throws IOException {
    try (FileChannel file =
        FileChannel.open(checkpoint.resolve("query.safetensors"), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {42}), file.size() - 1);
    }
  }

  private String refused(Path given) {
    return assertThrows(UserException.class, () -> RunCheckpoints.named(given, notices::add))
        .getMessage();
  }

  @Test
  void aRunsNamesMeanItsNewestAndADamagedOneIsNotTaken() throws IOException {
    Path run = trained();
    Path newest = run.resolve("checkpoints/step-000000004").toRealPath();
    for (String name :
        List.of("", "checkpoints", "checkpoints/last", "checkpoints/step-000000004")) {
      assertEquals(newest, RunCheckpoints.named(run.resolve(name), notices::add), name);
    }
    assertEquals(List.of(), notices);
    try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
      assertEquals(2, all.count(), "the link and the one that is kept");
    }
    assertTrue(refused(place.resolve("none")).contains("none does not exist"));
    assertTrue(refused(place).contains("is neither a run nor a checkpoint"));

    damage(newest);
    String text = refused(run);
    assertTrue(text.startsWith("no checkpoint of " + run + " is whole: "), text);
    assertTrue(text.contains("query.safetensors"), text);
    assertEquals(newest, RunCheckpoints.named(newest, notices::add), "asked for by name");
  }

  @Test
  void aRunMayBearTheNameOfItsCheckpointsDirectory() throws IOException {
    Path run = Files.move(trained(), place.resolve("checkpoints"));
    Path newest = run.resolve("checkpoints/step-000000004").toRealPath();
    assertEquals(newest, RunCheckpoints.named(run, notices::add));
    assertEquals(newest, RunCheckpoints.named(run.resolve("checkpoints"), notices::add));
    assertEquals(List.of(), notices);
  }

  @Test
  void aRunWhoseOnlyCheckpointIsDamagedKeepsItsRecordUntilItIsToldToBeginAnew() throws IOException {
    Path run = trained();
    Settings settings = Runs.settings(SHORT);
    damage(run.resolve("checkpoints/step-000000004"));
    String metrics = Files.readString(run.resolve("metrics.jsonl"));
    String text =
        assertThrows(UserException.class, () -> Runs.run(settings, run, true, step -> {}))
            .getMessage();
    assertTrue(text.contains("--from-scratch") && text.contains("query.safetensors"), text);
    assertEquals(metrics, Files.readString(run.resolve("metrics.jsonl")));

    Path aside = RunCheckpoints.setAside(run);
    assertEquals(metrics, Files.readString(aside.resolve("metrics.jsonl")));
    assertTrue(Files.exists(aside.resolve("checkpoints/step-000000004/state.json")));
    assertInstanceOf(RunNews.Outcome.Done.class, Runs.run(settings, run, true, step -> {}));
    assertEquals(4, Files.readAllLines(run.resolve("metrics.jsonl")).size());
  }

  @Test
  void checkpointsThatAreGoneAreMissed() throws IOException {
    Path run = trained();
    Path checkpoints = run.resolve("checkpoints");
    Files.move(checkpoints.resolve("step-000000004"), place.resolve("elsewhere"));
    assertFalse(Files.exists(checkpoints.resolve("last")));
    String text =
        assertThrows(
                UserException.class, () -> Runs.run(Runs.settings(SHORT), run, true, step -> {}))
            .getMessage();
    assertTrue(text.contains("recorded 4 steps, but its checkpoints are gone"), text);
    assertTrue(refused(run).contains("has no checkpoint yet"));
    assertTrue(refused(checkpoints.resolve("last")).contains("is a link to what does not exist"));
  }
}
