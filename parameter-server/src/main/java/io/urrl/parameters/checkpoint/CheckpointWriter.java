package io.urrl.parameters.checkpoint;

import io.urrl.actors.tensor.ElementType;
import io.urrl.actors.tensor.Finiteness;
import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import io.urrl.parameters.ParameterState;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Writes the files of one checkpoint into a directory that nobody looks at yet. */
final class CheckpointWriter {
  private final Disk disk;

  CheckpointWriter(Disk disk) {
    this.disk = disk;
  }

  /** Returns when all files and the directory have reached the device. */
  void write(Path directory, ParameterState whole, CheckpointState state) throws IOException {
    Map<String, StateFile.Seal> seals = new LinkedHashMap<>();
    Map<String, String> metadata =
        Map.of("format", "pt", "step", Long.toString(state.step()), "product", state.product());
    try (Arena scratch = Arena.ofConfined()) {
      for (Map.Entry<String, Map<String, Tensor>> file :
          CheckpointTensors.of(whole, scratch).entrySet()) {
        requireFinite(file.getKey(), file.getValue());
        try (Disk.Output output = disk.create(directory.resolve(file.getKey()))) {
          Sealing sealing = new Sealing(output);
          Safetensors.write(sealing, file.getValue(), new TreeMap<>(metadata));
          output.sync();
          seals.put(file.getKey(), sealing.seal());
        }
      }
    }
    try (Disk.Output output = disk.create(directory.resolve(StateFile.NAME))) {
      ByteBuffer bytes = ByteBuffer.wrap(new StateFile(state, seals).toBytes());
      while (bytes.hasRemaining()) {
        output.write(bytes);
      }
      output.sync();
    }
    disk.syncDirectory(directory);
  }

  /** A run could never leave such a checkpoint again; the one before it is the way out. */
  private static void requireFinite(String file, Map<String, Tensor> tensors) throws IOException {
    for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
      boolean floats = tensor.getValue().type() == ElementType.F32;
      if (floats && !Finiteness.allFinite(tensor.getValue().data())) {
        throw new CheckpointException(
            "checkpoint not written: %s of %s holds NaN or infinity; resume from the one before"
                .formatted(tensor.getKey(), file));
      }
    }
  }

  /** Passes bytes on and seals them on the way. */
  private static final class Sealing implements WritableByteChannel {
    private final WritableByteChannel target;
    private final MessageDigest digest = Digests.sha256();
    private long bytes;

    private Sealing(WritableByteChannel target) {
      this.target = target;
    }

    private StateFile.Seal seal() {
      return new StateFile.Seal(bytes, Digests.hex(digest));
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      ByteBuffer written = source.duplicate();
      int count = target.write(source);
      digest.update(written.limit(written.position() + count));
      bytes += count;
      return count;
    }

    @Override
    public boolean isOpen() {
      return target.isOpen();
    }

    @Override
    public void close() throws IOException {
      target.close();
    }
  }
}
