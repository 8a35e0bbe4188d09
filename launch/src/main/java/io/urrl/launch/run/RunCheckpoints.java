package io.urrl.launch.run;

import io.urrl.actors.files.FileFailure;
import io.urrl.launch.UserException;
import io.urrl.parameters.checkpoint.CheckpointException;
import io.urrl.parameters.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds a run's checkpoints for those who only read them, and says what is wrong with them. */
public final class RunCheckpoints {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
  private static final List<String> RECORD =
      List.of("metrics.jsonl", "ledger.jsonl", "evaluations.jsonl", CheckpointStore.DIRECTORY);

  /**
   * The checkpoint that somebody means.
   *
   * @param given a checkpoint, a run's directory, or its {@code checkpoints}: of the last two, the
   *     newest checkpoint that is whole
   * @param notice hears of damaged ones that are passed over
   * @return the real path, also where a link was given
   * @throws UserException when there is none
   */
  public static Path named(Path given, Consumer<String> notice) {
    try {
      if (Files.notExists(given)) {
        throw new UserException(
            (Files.exists(given, LinkOption.NOFOLLOW_LINKS)
                    ? given + " is a link to what does not exist"
                    : given + " does not exist")
                + "; give a run's directory or one of its checkpoints");
      }
      Path place = given.toRealPath();
      if (CheckpointStore.isCheckpoint(place)) {
        return place;
      }
      // A run may have any name, that of its checkpoints' directory too.
      boolean within = place.endsWith(CheckpointStore.DIRECTORY) && !isRun(place);
      Path run = within ? place.getParent() : place;
      if (run == null || !isRun(run)) {
        throw new UserException(
            given
                + " is neither a run nor a checkpoint; give a run's directory or one of its"
                + " checkpoints (checkpoints/step-…)");
      }
      List<String> damaged = new ArrayList<>();
      Optional<Path> newest =
          CheckpointStore.reading(run).newestWhole(damage -> damaged.add(text(damage)));
      Path found =
          newest.orElseThrow(
              () ->
                  new UserException(
                      damaged.isEmpty()
                          ? given + " has no checkpoint yet; give another run"
                          : "no checkpoint of %s is whole: %s"
                              .formatted(given, damaged.getFirst())));
      damaged.forEach(text -> notice.accept("%s; taking %s".formatted(text, found.getFileName())));
      return found;
    } catch (IOException e) {
      throw new UserException(given + " cannot be read: " + FileFailure.reason(given, e), e);
    }
  }

  private static boolean isRun(Path place) {
    return Files.isDirectory(place.resolve(CheckpointStore.DIRECTORY));
  }

  /** Where the checkpoint of a step is, in the directory of its run. */
  public static Path at(Path run, long step) {
    return run.resolve(CheckpointStore.DIRECTORY).resolve(CheckpointStore.name(step));
  }

  private static String text(CheckpointStore.Damage damage) {
    return "checkpoint %s is damaged (%s)".formatted(damage.directory(), damage.reason());
  }

  /**
   * Checks that a resumed run does not begin at step 0 again because its checkpoints are damaged or
   * gone.
   *
   * @param every steps between the run's checkpoints, 0 for none
   * @return the newest whole checkpoint; empty when the run was stopped before its first one
   * @throws UserException when there were some and none is whole
   */
  public static Optional<Path> requireOneIfThereWas(Path run, int every)
      throws IOException, CheckpointException {
    CheckpointStore store = CheckpointStore.reading(run);
    List<String> damaged = new ArrayList<>();
    Optional<Path> newest = store.newestWhole(damage -> damaged.add(damage.reason()));
    if (newest.isPresent()) {
      return newest;
    }
    String remedy =
        "; bring back a copy, or train anew from step 0 with --resume --from-scratch, which sets"
            + " the old record aside";
    if (!damaged.isEmpty()) {
      throw new UserException(
          "no checkpoint of %s is whole: %s%s".formatted(run, damaged.getFirst(), remedy));
    }
    long steps = recorded(run);
    // The first one may still have been under way at the step where the second one was due.
    boolean gone = (every > 0 && steps > 2L * every) || store.hasLast();
    if (gone) {
      throw new UserException(
          "%s has recorded %d steps, but its checkpoints are gone%s".formatted(run, steps, remedy));
    }
    return Optional.empty();
  }

  private static long recorded(Path run) throws IOException {
    Path metrics = run.resolve("metrics.jsonl");
    if (Files.notExists(metrics)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(metrics)) {
      return lines.count();
    }
  }

  /**
   * Moves a run's checkpoints and record into a directory of their own within the run's, so that it
   * begins anew.
   *
   * @return that directory
   * @throws UserException when there is no run, another process works on it, or nothing can be
   *     moved
   */
  public static Path setAside(Path run) {
    Path aside = run.resolve("before-" + STAMP.format(LocalDateTime.now(ZoneId.systemDefault())));
    try (RunDirectory locked = RunDirectory.open(run, true)) {
      Files.createDirectory(aside);
      for (String name : RECORD) {
        Path old = locked.path().resolve(name);
        if (Files.exists(old)) {
          Files.move(old, aside.resolve(name));
        }
      }
      return aside;
    } catch (IOException e) {
      throw new UserException(
          "the old record cannot be moved to %s: %s; make the directory writable"
              .formatted(aside, FileFailure.reason(aside, e)),
          e);
    }
  }

  private RunCheckpoints() {}
}
