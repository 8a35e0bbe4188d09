package io.urrl.parameters.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.parameters.ParameterState;
import io.urrl.parameters.Share;
import io.urrl.parameters.StateDigests;
import io.urrl.parameters.States;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Breaks the disk at every single change that writing a checkpoint consists of. */
class CrashSafetyTest {
  @TempDir Path folder;

  private static CheckpointStore open(Path run, int keep) throws IOException {
    CheckpointStore store = new CheckpointStore(run, keep, FaultyDisk.sound());
    store.tidy();
    return store;
  }

  private static void write(CheckpointStore store, long step, long content) throws IOException {
    try (ParameterState state = ParameterState.whole(Checkpoints.LAYOUT)) {
      States.fill(state, content);
      store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(step));
    }
  }

  /** What two shards do. */
  private static void writeInSlices(CheckpointStore store, long step, long content)
      throws IOException {
    Share first = new Share(0, 2);
    Share second = new Share(1, 2);
    try (ParameterState whole = ParameterState.whole(Checkpoints.LAYOUT);
        ParameterState one = first.allocate(Checkpoints.LAYOUT);
        ParameterState other = second.allocate(Checkpoints.LAYOUT)) {
      States.fill(whole, content);
      whole.version(step);
      one.copyFrom(whole);
      other.copyFrom(whole);
      store.writeSlice(Checkpoints.WRITER, second, other, StateDigests.of(other));
      store.gather(Checkpoints.WRITER, one, StateDigests.of(one), 2, Checkpoints.state(step));
    }
  }

  @Test
  void aWholeCheckpointIsFoundWhereverAShardDies() throws IOException {
    Path reference = folder.resolve("reference");
    write(open(reference, 1), 2, 20);
    String before = CheckpointStore.digest(newest(open(reference, 1)));
    write(open(reference, 1), 3, 30);
    String after = CheckpointStore.digest(newest(open(reference, 1)));
    boolean done = false;
    int survivedOld = 0;
    for (int change = 0; !done; change++) {
      Path run = folder.resolve("run-" + change);
      write(open(run, 1), 2, 20);
      FaultyDisk disk = FaultyDisk.crashesAt(change);
      try {
        writeInSlices(new CheckpointStore(run, 1, disk), 3, 30);
        done = disk.changes() <= change;
      } catch (FaultyDisk.Crash _) {
        done = false;
      }
      CheckpointStore reopened = open(run, 1);
      String found = CheckpointStore.digest(newest(reopened));
      assertTrue(found.equals(before) || found.equals(after), "content after change " + change);
      survivedOld += found.equals(before) ? 1 : 0;
      for (String name : names(run.resolve("checkpoints"))) {
        boolean known = name.startsWith("step-") || name.equals("last");
        assertTrue(known, "left behind at change " + change + ": " + name);
      }
      writeInSlices(reopened, 3, 30);
      assertEquals(after, CheckpointStore.digest(newest(reopened)));
      assertEquals(List.of("last", "step-000000003"), names(run.resolve("checkpoints")));
    }
    assertTrue(survivedOld > 10, survivedOld + " crashes before the new one was in place");
  }

  private static Path newest(CheckpointStore store) throws IOException {
    List<CheckpointStore.Damage> damaged = new ArrayList<>();
    Path newest = store.newestWhole(damaged::add).orElseThrow();
    assertEquals(List.of(), damaged);
    return newest;
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** Replacing step 2 is the harder case: the only checkpoint makes room for its successor. */
  @ParameterizedTest
  @ValueSource(longs = {2, 3})
  void aWholeCheckpointIsFoundWhereverTheProcessDies(long step) throws IOException {
    Path reference = folder.resolve("reference");
    write(open(reference, 1), 2, 20);
    String before = CheckpointStore.digest(newest(open(reference, 1)));
    write(open(reference, 1), step, 30);
    String after = CheckpointStore.digest(newest(open(reference, 1)));

    boolean done = false;
    int survivedOld = 0;
    int survivedNew = 0;
    for (int change = 0; !done; change++) {
      Path run = folder.resolve("run-" + change);
      write(open(run, 1), 2, 20);
      FaultyDisk disk = FaultyDisk.crashesAt(change);
      try {
        write(new CheckpointStore(run, 1, disk), step, 30);
        done = disk.changes() <= change;
      } catch (FaultyDisk.Crash _) {
        done = false;
      }
      CheckpointStore reopened = open(run, 1);
      String found = CheckpointStore.digest(newest(reopened));
      assertTrue(found.equals(before) || found.equals(after), "content after change " + change);
      if (found.equals(before)) {
        assertEquals(0, survivedNew, "the new one was there already at change " + change);
        survivedOld++;
      } else {
        survivedNew++;
      }
      Path last = run.resolve("checkpoints/last");
      for (String name : names(run.resolve("checkpoints"))) {
        boolean known = name.startsWith("step-") || name.equals("last");
        assertTrue(known, "left behind at change " + change + ": " + name);
      }
      assertTrue(Files.exists(last), "the link leads nowhere after change " + change);
      write(reopened, 4, 40);
      assertEquals(List.of("last", "step-000000004"), names(run.resolve("checkpoints")));
      assertEquals(Path.of("step-000000004"), Files.readSymbolicLink(last));
    }
    assertTrue(survivedOld > 10, survivedOld + " crashes before the new one was in place");
    assertTrue(survivedNew > 5, survivedNew + " crashes after the new one was in place");
  }

  @Test
  void aFullDiskLeavesTheOlderCheckpointAndNoRemains() throws IOException {
    boolean done = false;
    int failures = 0;
    for (int change = 0; !done; change++) {
      Path run = folder.resolve("full-" + change);
      write(open(run, 2), 2, 20);
      FaultyDisk disk = FaultyDisk.fullFrom(change);
      CheckpointStore store = new CheckpointStore(run, 2, disk);
      try {
        write(store, 3, 30);
        done = true;
      } catch (CheckpointException e) {
        failures++;
        Path checkpoints = run.resolve("checkpoints");
        assertTrue(e.getMessage().startsWith(checkpoints + ": no space left"), e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
        assertEquals(List.of("last", "step-000000002"), names(checkpoints));
        assertEquals("step-000000002", newest(store).getFileName().toString());
      }
    }
    assertTrue(failures > 10, failures + " failures");
  }

  @Test
  void aDirectoryThatCannotBeCreatedIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    String message =
        assertThrows(CheckpointException.class, () -> CheckpointStore.open(file, 1)).getMessage();
    assertTrue(message.startsWith(file.resolve("checkpoints") + ": "), message);
  }
}
