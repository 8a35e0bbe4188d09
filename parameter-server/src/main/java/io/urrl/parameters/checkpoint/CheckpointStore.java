package io.urrl.parameters.checkpoint;

import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import io.urrl.parameters.DamagedStateException;
import io.urrl.parameters.ParameterState;
import io.urrl.parameters.Share;
import io.urrl.parameters.StateDigests;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The checkpoints of one run directory: {@code checkpoints/step-%09d/}, and the link {@code
 * checkpoints/last} to the newest.
 *
 * <p>A new one is written into a hidden directory beside the others, every file and then the
 * directory synchronised to the disk, and renamed into place: it is there completely or not at all,
 * whenever the process or the machine dies. Older ones go only when the new one is in place. What
 * is being written bears its writer's term and gets its name only while no later one has begun; one
 * checkpoint of a term at a time is written. Reading needs no lock.
 */
public final class CheckpointStore {
  /** Name of the directory in a run's that holds its checkpoints. */
  public static final String DIRECTORY = "checkpoints";

  /** A link to the newest checkpoint. */
  public static final String LAST = "last";

  /** Files that every checkpoint has, whatever its objective. */
  private static final List<String> ALWAYS =
      List.of(CheckpointTensors.QUERY, CheckpointTensors.MOMENTUM);

  private final Path directory;
  private final CheckpointDirectory entries;
  private final Disk disk;
  private final CheckpointSlices slices;

  /**
   * In whose name a checkpoint is written.
   *
   * @param term of the run in which it is
   * @param highest reads the highest term that has begun
   */
  public record Writer(int term, HighestTerm highest) {
    private void requireCurrent(long step) throws IOException {
      if (highest.read() > term) {
        throw new SupersededException(
            "checkpoint of step %d not written: term %d is over".formatted(step, term));
      }
    }
  }

  /** Reads the highest term of a run. */
  @FunctionalInterface
  public interface HighestTerm {
    /** Reads it anew, with a text for people where that fails. */
    int read() throws IOException;
  }

  /** Whether the memory that is written is still what it was when it was copied. */
  @FunctionalInterface
  private interface Check {
    void require() throws IOException;
  }

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
    } catch (IOException e) {
      throw new CheckpointException(Failures.describe(directory, e), e);
    }
  }

  private CheckpointStore(int keep, Path directory, Disk disk) {
    this.directory = directory;
    this.disk = disk;
    entries = new CheckpointDirectory(directory, keep, disk);
    slices = new CheckpointSlices(directory, disk);
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
   * Opens a run's checkpoints and creates the directory when it is missing.
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
   * @throws SupersededException when the writer's term is over; the older ones are as they were
   */
  public synchronized Path write(
      Writer writer, ParameterState whole, StateDigests digests, CheckpointState state)
      throws CheckpointException {
    return write(writer, whole, () -> requireSame(whole, digests), state);
  }

  /**
   * Writes a slice that another shard's {@link #gather} will make a part of its checkpoint.
   *
   * @throws CheckpointException when it could not be written
   * @throws DamagedStateException when {@code slice} is not what it was when it was copied
   */
  public void writeSlice(Writer writer, Share share, ParameterState slice, StateDigests digests)
      throws CheckpointException {
    try {
      slices.write(writer.term(), share, slice, digests);
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(Failures.writing(directory, slice.layout().byteSize(), e), e);
    }
  }

  /**
   * Writes a checkpoint as {@link #write} does, out of the first slice and those that were written
   * in the same term by {@link #writeSlice}, and removes these.
   *
   * @param first the first slice, with the companions; only read
   * @param digests of the first slice when it was copied
   * @param count slices in all
   */
  public synchronized Path gather(
      Writer writer, ParameterState first, StateDigests digests, int count, CheckpointState state)
      throws CheckpointException {
    int term = writer.term();
    try (ParameterState whole = ParameterState.whole(first.layout())) {
      first.copyTo(whole);
      for (int index = 1; index < count; index++) {
        slices.read(term, new Share(index, count), whole);
      }
      Check intact =
          () -> {
            requireSame(first, digests);
            for (int index = 1; index < count; index++) {
              slices.requireIntact(term, new Share(index, count), whole);
            }
          };
      Path written = write(writer, whole, intact, state);
      slices.remove(term, state.step(), count);
      return written;
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(Failures.writing(directory, first.layout().byteSize(), e), e);
    }
  }

  private Path write(Writer writer, ParameterState whole, Check intact, CheckpointState state)
      throws CheckpointException {
    Path target = directory.resolve(name(state.step()));
    Path scrap = entries.scrap(target, writer.term());
    try {
      entries.remove(scrap);
      disk.createDirectories(scrap);
      new CheckpointWriter(disk).write(scrap, whole, state);
      requireReadable(scrap);
      intact.require();
      writer.requireCurrent(state.step());
      entries.put(scrap, target);
    } catch (CheckpointException | DamagedStateException | SupersededException e) {
      entries.mend(scrap);
      throw e;
    } catch (IOException e) {
      entries.mend(scrap);
      throw new CheckpointException(Failures.writing(directory, whole.layout().byteSize(), e), e);
    }
    entries.pointTo(target, writer.term());
    entries.prune(target, writer.term());
    return target;
  }

  private static void requireReadable(Path scrap) throws CheckpointException {
    Optional<Damage> damage = damage(scrap);
    if (damage.isPresent()) {
      throw new CheckpointException(
          "checkpoint not written, it does not read as it was written: "
              + damage.get().reason()
              + "; look after the disk");
    }
  }

  private static void requireSame(ParameterState state, StateDigests digests) {
    Optional<String> difference = digests.difference(StateDigests.of(state));
    if (difference.isPresent()) {
      throw new DamagedStateException(
          "checkpoint not written: the copy of the %s of step %d changed in memory meanwhile"
              .formatted(difference.get(), state.version()));
    }
  }

  /** Directories of all checkpoints, whole or not, oldest first. */
  public List<Path> list() throws CheckpointException {
    return entries.checkpoints();
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

  /**
   * The checkpoint of a step, if it is whole.
   *
   * @param damaged told why it is not
   */
  public Optional<Path> wholeAt(long step, Consumer<Damage> damaged) {
    Path checkpoint = directory.resolve(name(step));
    Optional<Damage> damage = damage(checkpoint);
    damage.ifPresent(damaged);
    return damage.isEmpty() ? Optional.of(checkpoint) : Optional.empty();
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
   * Removes what processes left behind that were killed. Only for whoever begins a term, which no
   * later one has followed: what earlier ones still write is of no use.
   */
  public synchronized void tidy() throws CheckpointException {
    try {
      entries.tidy();
    } catch (IOException e) {
      throw new CheckpointException(Failures.describe(directory, e), e);
    }
  }
}
