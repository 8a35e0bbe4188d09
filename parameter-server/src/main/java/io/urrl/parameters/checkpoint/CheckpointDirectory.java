package io.urrl.parameters.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The entries of a run's directory of checkpoints: how a new one gets its name, and how old ones
 * and remains go.
 */
final class CheckpointDirectory {
  private static final Pattern NAME = Pattern.compile("step-\\d{9}");

  /** A checkpoint being written, or on its way out. */
  private static final String SCRAP = ".scrap-";

  /**
   * A checkpoint that one of the same step is about to replace: put back when that did not come.
   */
  private static final String REPLACED = ".replaced-";

  private final Path directory;
  private final int keep;
  private final Disk disk;

  CheckpointDirectory(Path directory, int keep, Disk disk) {
    if (keep < 1) {
      throw new IllegalArgumentException("keep " + keep + " checkpoints: at least 1 is needed");
    }
    this.directory = directory;
    this.keep = keep;
    this.disk = disk;
  }

  /** Directories of all checkpoints, whole or not, oldest first. */
  List<Path> checkpoints() throws CheckpointException {
    return entries(name -> NAME.matcher(name).matches());
  }

  /** Where a term writes a checkpoint, or moves it to on its way out. */
  Path scrap(Path checkpoint, int term) {
    return directory.resolve(SCRAP + "%06d-%s".formatted(term, checkpoint.getFileName()));
  }

  /** Gives a checkpoint its name; one of the same step makes room. */
  void put(Path scrap, Path target) throws IOException {
    if (Files.exists(target)) {
      disk.rename(target, directory.resolve(REPLACED + target.getFileName()));
    }
    disk.rename(scrap, target);
    disk.syncDirectory(directory);
  }

  /** Undoes what a failed write left; what cannot be undone now is when a term begins. */
  void mend(Path scrap) {
    try {
      remove(scrap);
      settleReplaced();
    } catch (IOException _) {
      // The write's own failure is what the caller hears of; the same disk fails here.
    }
  }

  /** Removes all that is no checkpoint. */
  void tidy() throws IOException {
    for (Path left :
        entries(name -> name.startsWith(SCRAP) || name.startsWith(CheckpointSlices.PREFIX))) {
      remove(left);
    }
    settleReplaced();
  }

  private void settleReplaced() throws IOException {
    for (Path old : entries(name -> name.startsWith(REPLACED))) {
      Path target = directory.resolve(old.getFileName().toString().substring(REPLACED.length()));
      if (Files.exists(target)) {
        remove(old);
      } else {
        disk.rename(old, target);
      }
    }
  }

  /** Lets the link name a checkpoint, at once for every observer. */
  void pointTo(Path checkpoint, int term) {
    Path fresh = scrap(Path.of(CheckpointStore.LAST), term);
    try {
      Files.deleteIfExists(fresh);
      disk.link(fresh, checkpoint.getFileName());
      disk.rename(fresh, directory.resolve(CheckpointStore.LAST));
    } catch (IOException | UnsupportedOperationException _) {
      // The link is for people; a file system without links has the checkpoints all the same.
    }
  }

  /** An old checkpoint leaves its name in one go and its bytes thereafter. */
  void prune(Path newest, int term) {
    try {
      List<Path> all = checkpoints();
      for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
        // A damaged one of a later step does not push out the one that was just written.
        if (old.equals(newest) || CheckpointPin.inUse(old)) {
          continue;
        }
        Path scrap = scrap(old, term);
        disk.rename(old, scrap);
        remove(scrap);
      }
      settleReplaced();
    } catch (IOException _) {
      // The new checkpoint is in place; what could not be removed goes when a term begins.
    }
  }

  private List<Path> entries(Predicate<String> wanted) throws CheckpointException {
    if (Files.notExists(directory)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return paths
          .filter(path -> wanted.test(path.getFileName().toString()))
          .sorted(Comparator.comparing(path -> path.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw new CheckpointException(Failures.describe(directory, e), e);
    } catch (UncheckedIOException e) {
      throw new CheckpointException(Failures.describe(directory, e.getCause()), e);
    }
  }

  /** Removes a directory with all that is in it, or a file, where it is there. */
  void remove(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> paths = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(root)) {
      walk.forEach(paths::add);
    }
    for (Path path : paths.reversed()) {
      disk.delete(path);
    }
  }
}
