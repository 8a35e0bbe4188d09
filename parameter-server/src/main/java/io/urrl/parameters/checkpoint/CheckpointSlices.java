package io.urrl.parameters.checkpoint;

import io.urrl.actors.tensor.ElementType;
import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.parameters.DamagedStateException;
import io.urrl.parameters.ParameterState;
import io.urrl.parameters.Share;
import io.urrl.parameters.StateDigests;
import io.urrl.parameters.StateLayout;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slices of a checkpoint on their way from the shards that hold them to the one that writes it: one
 * file each in a hidden directory of their term and step. The file bears the digests that the slice
 * had when it was copied; it is read again before it counts, and once more when it is gathered.
 */
final class CheckpointSlices {
  /** Of the directories that slices lie in. */
  static final String PREFIX = ".slices-";

  private static final String PARAMETERS = "parameters";
  private static final String MOMENTUM_ENCODER = "momentum_encoder";
  private static final String VELOCITY = "velocity";

  private final Path checkpoints;
  private final Disk disk;

  CheckpointSlices(Path checkpoints, Disk disk) {
    this.checkpoints = checkpoints;
    this.disk = disk;
  }

  /** Where the slices of a step lie that a term wrote. */
  static String directory(int term, long step) {
    return PREFIX + "%06d-%s".formatted(term, CheckpointStore.name(step));
  }

  private Path file(int term, long step, Share share) {
    return checkpoints
        .resolve(directory(term, step))
        .resolve("%d-of-%d.safetensors".formatted(share.index(), share.count()));
  }

  /**
   * Writes one slice; it has reached the device when this returns.
   *
   * @param digests of the slice when it was copied
   * @throws DamagedStateException when it is not what it was then
   */
  void write(int term, Share share, ParameterState slice, StateDigests digests) throws IOException {
    Path file = file(term, slice.version(), share);
    disk.createDirectories(file.getParent());
    if (Files.exists(file)) {
      disk.delete(file);
    }
    Map<String, Long> sums = sums(digests);
    Map<String, String> metadata = new LinkedHashMap<>();
    sums.forEach((name, digest) -> metadata.put(name, Long.toString(digest)));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    parts(slice)
        .forEach(
            (name, part) ->
                tensors.put(name, Tensor.of(ElementType.F32, part, part.byteSize() / Float.BYTES)));
    try (Disk.Output output = disk.create(file)) {
      Safetensors.write(output, tensors, metadata);
      output.sync();
    }
    disk.syncDirectory(file.getParent());
    try (Arena arena = Arena.ofConfined()) {
      Map<String, MemorySegment> written = read(file, arena);
      for (Map.Entry<String, MemorySegment> part : parts(slice).entrySet()) {
        if (TensorDigest.of(part.getValue()) != sums.get(part.getKey())) {
          throw new DamagedStateException(
              "checkpoint not written: the copy of the %s of step %d changed in memory meanwhile"
                  .formatted(part.getKey().replace('_', ' '), slice.version()));
        }
        requireRead(file, TensorDigest.of(written.get(part.getKey())) == sums.get(part.getKey()));
      }
    }
  }

  /**
   * Reads one slice to its place in a state that holds everything.
   *
   * @throws CheckpointException when it is not as it was written
   */
  void read(int term, Share share, ParameterState whole) throws IOException {
    Path file = file(term, whole.version(), share);
    try (Arena arena = Arena.ofConfined()) {
      Map<String, MemorySegment> found = read(file, arena);
      for (Map.Entry<String, MemorySegment> part : parts(whole).entrySet()) {
        MemorySegment place = share.of(whole.layout()).of(part.getValue());
        MemorySegment bytes = found.get(part.getKey());
        requireRead(file, bytes != null && bytes.byteSize() == place.byteSize());
        place.copyFrom(bytes);
      }
    }
  }

  /**
   * Whether a slice in a state that holds everything is what its shard copied.
   *
   * @throws CheckpointException when it is not
   */
  void requireIntact(int term, Share share, ParameterState whole) throws IOException {
    Path file = file(term, whole.version(), share);
    try (Arena arena = Arena.ofConfined()) {
      Map<String, String> sums = Safetensors.read(file, arena).metadata();
      for (Map.Entry<String, MemorySegment> part : parts(whole).entrySet()) {
        long digest = TensorDigest.of(share.of(whole.layout()).of(part.getValue()));
        requireRead(file, Long.toString(digest).equals(sums.get(part.getKey())));
      }
    }
  }

  /** Removes the slices of a step, which nobody needs any more. */
  void remove(int term, long step, int count) {
    try {
      for (int index = 1; index < count; index++) {
        disk.delete(file(term, step, new Share(index, count)));
      }
      disk.delete(checkpoints.resolve(directory(term, step)));
    } catch (IOException _) {
      // The checkpoint is in place; what could not be removed goes when a term begins.
    }
  }

  private static Map<String, MemorySegment> read(Path file, Arena arena) throws IOException {
    Map<String, MemorySegment> parts = new LinkedHashMap<>();
    Safetensors.read(file, arena)
        .tensors()
        .forEach((name, tensor) -> parts.put(name, tensor.data()));
    return parts;
  }

  private static void requireRead(Path file, boolean condition) throws CheckpointException {
    if (!condition) {
      throw new CheckpointException(
          "checkpoint not written, a slice does not read as it was written: "
              + file
              + "; look after the disk");
    }
  }

  private static Map<String, MemorySegment> parts(ParameterState state) {
    Map<String, MemorySegment> parts = new LinkedHashMap<>();
    parts.put(PARAMETERS, state.parameters());
    if (hasMomentumEncoder(state.layout())) {
      parts.put(MOMENTUM_ENCODER, state.momentumEncoder());
    }
    parts.put(VELOCITY, state.velocity());
    return parts;
  }

  private static Map<String, Long> sums(StateDigests digests) {
    return Map.of(
        PARAMETERS,
        digests.parameters(),
        MOMENTUM_ENCODER,
        digests.momentumEncoder(),
        VELOCITY,
        digests.velocity());
  }

  private static boolean hasMomentumEncoder(StateLayout layout) {
    return layout.objective().hasMomentumEncoder();
  }
}
