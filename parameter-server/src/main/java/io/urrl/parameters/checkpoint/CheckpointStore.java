package io.urrl.parameters.checkpoint;

import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import io.urrl.parameters.DamagedStateException;
import io.urrl.parameters.ParameterState;
import io.urrl.parameters.StateDigests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of one run directory: {@code checkpoints/step-%09d/}, and the link {@code
 * checkpoints/last} to the newest.
 *
 * <p>A new one is written into a hidden directory beside the others, every file and then the
 * directory synchronised to the disk, and renamed into place: it is there completely or not at all,
 * whenever the process or the machine dies. Older ones go only when the new one is in place. One
 * process at a time may write, one checkpoint at a time; reading needs no lock.
 */
public final class CheckpointStore {
  /** Name of the directory in a run's that holds its checkpoints. */
  public static final String DIRECTORY = "checkpoints";

  /** A link to the newest checkpoint. */
  public static final String LAST = "last";

  /** Files that every checkpoint has, whatever its objective. */
  private static final List<String> ALWAYS =
      List.of(CheckpointTensors.QUERY, CheckpointTensors.MOMENTUM);

  private static final Pattern NAME = Pattern.compile("step-\\d{9}");

  /** A checkpoint being written, or on its way out: removed when found. */
  private static final String SCRAP = ".scrap-";

  /**
   * A checkpoint that one of the same step is about to replace: put back when that did not come.
   */
  private static final String REPLACED = ".replaced-";

  private final Path directory;
  private final int keep;
  private final Disk disk;

  /**
   * A checkpoint that is there but not whole.
   *
   * @param directory where it lies
   * @param reason one line that names the damaged file
   */
  public record Damage(Path directory, String reason) {}

  CheckpointStore(Path runDirectory, int keep, Disk disk) throws CheckpointException {
    this(keep, runDirectory.resolve(DIRECTORY), disk);
    try {
      disk.createDirectories(directory);
      tidy();
    } catch (IOException e) {
      throw new CheckpointException(Failures.describe(directory, e), e);
    }
  }

  private CheckpointStore(int keep, Path directory, Disk disk) {
    if (keep < 1) {
      throw new IllegalArgumentException("keep " + keep + " checkpoints: at least 1 is needed");
    }
    this.directory = directory;
    this.keep = keep;
    this.disk = disk;
  }

  /** The checkpoints of a run that another process may be writing: nothing is changed. */
  public static CheckpointStore reading(Path runDirectory) {
    return new CheckpointStore(Integer.MAX_VALUE, runDirectory.resolve(DIRECTORY), new LocalDisk());
  }

  /** Whether a directory is a checkpoint, whole or not. */
  public static boolean isCheckpoint(Path directory) {
    return Files.exists(directory.resolve(StateFile.NAME))
        || ALWAYS.stream().map(directory::resolve).anyMatch(Files::exists);
  }

  /** Whether there is a link to the newest checkpoint, though that one may be gone. */
  public boolean hasLast() {
    return Files.isSymbolicLink(directory.resolve(LAST));
  }

  /**
   * Opens a run's checkpoints, creates the directory when it is missing, and removes what a killed
   * process left behind.
   *
   * @param keep number of newest checkpoints to keep, at least 1
   */
  public static CheckpointStore open(Path runDirectory, int keep) throws CheckpointException {
    return new CheckpointStore(runDirectory, keep, new LocalDisk());
  }

  /**
   * Writes a checkpoint and then removes those beyond the newest {@code keep} that nobody
   * {@linkplain CheckpointPin has in use}. Replaces one of the same step. Before it takes its name
   * its files are read again and held against their checksums, and the state against its digests.
   *
   * @param whole a state that holds everything; only read
   * @param digests of the state when it was copied
   * @return the checkpoint's directory
   * @throws CheckpointException when it could not be written; the older ones are as they were
   * @throws DamagedStateException when {@code whole} is not what it was when it was copied; the
   *     older ones are as they were
   */
  public synchronized Path write(ParameterState whole, StateDigests digests, CheckpointState state)
      throws CheckpointException {
    Path target = directory.resolve(name(state.step()));
    Path scrap = directory.resolve(SCRAP + target.getFileName());
    Path replaced = directory.resolve(REPLACED + target.getFileName());
    try {
      removeTree(scrap);
      disk.createDirectories(scrap);
      new CheckpointWriter(disk).write(scrap, whole, state);
      requireIntact(scrap, whole, digests);
      if (Files.exists(target)) {
        disk.rename(target, replaced);
      }
      disk.rename(scrap, target);
      disk.syncDirectory(directory);
    } catch (CheckpointException | DamagedStateException e) {
      mend();
      throw e;
    } catch (IOException e) {
      mend();
      throw new CheckpointException(Failures.writing(directory, whole.layout().byteSize(), e), e);
    }
    pointTo(target);
    prune(target);
    return target;
  }

  private static void requireIntact(Path scrap, ParameterState whole, StateDigests digests)
      throws CheckpointException {
    Optional<Damage> damage = damage(scrap);
    if (damage.isPresent()) {
      throw new CheckpointException(
          "checkpoint not written, it does not read as it was written: "
              + damage.get().reason()
              + "; look after the disk");
    }
    Optional<String> difference = digests.difference(StateDigests.of(whole));
    if (difference.isPresent()) {
      throw new DamagedStateException(
          "checkpoint not written: the copy of the %s of step %d changed in memory meanwhile"
              .formatted(difference.get(), whole.version()));
    }
  }

  /** Directories of all checkpoints, whole or not, oldest first. */
  public List<Path> list() throws CheckpointException {
    return entries(name -> NAME.matcher(name).matches());
  }

  /**
   * The newest checkpoint whose files all agree with their checksums.
   *
   * @param damaged told of every newer one that is not whole
   */
  public Optional<Path> newestWhole(Consumer<Damage> damaged) throws CheckpointException {
    for (Path checkpoint : list().reversed()) {
      Optional<Damage> damage = damage(checkpoint);
      if (damage.isEmpty()) {
        return Optional.of(checkpoint);
      }
      damaged.accept(damage.get());
    }
    return Optional.empty();
  }

  /** Compares every file of a checkpoint with its recorded length and SHA-256. */
  public static Optional<Damage> damage(Path checkpoint) {
    try {
      Map<String, StateFile.Seal> seals = StateFile.read(checkpoint).files();
      for (String name : ALWAYS) {
        if (!seals.containsKey(name)) {
          return Optional.of(
              new Damage(checkpoint, checkpoint.resolve(name) + ": has no checksum"));
        }
      }
      for (Map.Entry<String, StateFile.Seal> sealed : seals.entrySet()) {
        Path file = checkpoint.resolve(sealed.getKey());
        StateFile.Seal seal = sealed.getValue();
        long bytes = Files.size(file);
        if (bytes != seal.bytes()) {
          String reason = file + ": has " + bytes + " bytes, not " + seal.bytes();
          return Optional.of(new Damage(checkpoint, reason));
        }
        if (!Digests.sha256(file).equals(seal.sha256())) {
          return Optional.of(new Damage(checkpoint, file + ": the checksum does not agree"));
        }
      }
      return Optional.empty();
    } catch (CheckpointException e) {
      return Optional.of(new Damage(checkpoint, e.getMessage()));
    } catch (IOException e) {
      return Optional.of(new Damage(checkpoint, Failures.describe(checkpoint, e)));
    }
  }

  /** What a checkpoint says about itself. */
  public static CheckpointState state(Path checkpoint) throws CheckpointException {
    return StateFile.read(checkpoint).state();
  }

  /**
   * Reads a checkpoint into a state that holds everything, and sets its version.
   *
   * @throws CheckpointException when a file cannot be read or belongs to another architecture
   */
  public static CheckpointState restore(Path checkpoint, ParameterState whole)
      throws CheckpointException {
    CheckpointState state = state(checkpoint);
    try (Arena arena = Arena.ofConfined()) {
      Map<String, Map<String, Tensor>> files = new LinkedHashMap<>();
      Map<String, Map<String, Tensor>> wanted = CheckpointTensors.of(whole, arena);
      for (String file : wanted.keySet()) {
        files.put(file, Safetensors.read(checkpoint.resolve(file), arena).tensors());
      }
      Compatibility.require(checkpoint, state.architecture(), files, wanted);
      CheckpointTensors.restore(files, whole);
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(Failures.describe(checkpoint, e), e);
    }
    whole.version(state.version());
    return state;
  }

  /**
   * One SHA-256 in hexadecimal over names, types, shapes and bytes of all tensors, independent of
   * metadata: equal exactly when the training state is.
   */
  public static String digest(Path checkpoint) throws CheckpointException {
    try {
      return Digests.tensors(checkpoint);
    } catch (IOException e) {
      throw new CheckpointException(Failures.describe(checkpoint, e), e);
    }
  }

  /**
   * Step, architecture, plan, and every tensor with shape, bytes and Euclidean norm, for people.
   */
  public static String show(Path checkpoint) throws CheckpointException {
    try {
      return CheckpointText.of(checkpoint, state(checkpoint));
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(Failures.describe(checkpoint, e), e);
    }
  }

  /** Name of the checkpoint of a step, within {@link #DIRECTORY}. */
  public static String name(long step) {
    return "step-%09d".formatted(step);
  }

  /**
   * Undoes what a failed write left; what cannot be undone now is when the store is next opened.
   */
  private void mend() {
    try {
      tidy();
    } catch (IOException _) {
      // The write's own failure is what the caller hears of; the same disk fails here.
    }
  }

  private void tidy() throws IOException {
    for (Path scrap : entries(name -> name.startsWith(SCRAP))) {
      removeTree(scrap);
    }
    for (Path old : entries(name -> name.startsWith(REPLACED))) {
      Path target = directory.resolve(old.getFileName().toString().substring(REPLACED.length()));
      if (Files.exists(target)) {
        removeTree(old);
      } else {
        disk.rename(old, target);
      }
    }
  }

  /** Lets the link name a checkpoint, at once for every observer. */
  private void pointTo(Path checkpoint) {
    Path fresh = directory.resolve(SCRAP + LAST);
    try {
      Files.deleteIfExists(fresh);
      disk.link(fresh, checkpoint.getFileName());
      disk.rename(fresh, directory.resolve(LAST));
    } catch (IOException | UnsupportedOperationException _) {
      // The link is for people; a file system without links has the checkpoints all the same.
    }
  }

  /** An old checkpoint leaves its name in one go and its bytes thereafter. */
  private void prune(Path newest) {
    try {
      List<Path> all = list();
      for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
        // A damaged one of a later step does not push out the one that was just written.
        if (old.equals(newest) || CheckpointPin.inUse(old)) {
          continue;
        }
        Path scrap = directory.resolve(SCRAP + old.getFileName());
        disk.rename(old, scrap);
        removeTree(scrap);
      }
      tidy();
    } catch (IOException _) {
      // The new checkpoint is in place; what could not be removed goes with the next one.
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

  private void removeTree(Path root) throws IOException {
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
