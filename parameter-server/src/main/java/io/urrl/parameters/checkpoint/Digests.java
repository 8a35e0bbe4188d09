package io.urrl.parameters.checkpoint;

import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** SHA-256 of bytes, of files and of what a checkpoint means. */
final class Digests {
  private static final long BLOCK = 8 << 20;

  private Digests() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  static String sha256(Path file) throws IOException {
    MessageDigest digest = sha256();
    ByteBuffer block = ByteBuffer.allocateDirect((int) BLOCK);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(block) >= 0) {
        digest.update(block.flip());
        block.clear();
      }
    }
    return hex(digest);
  }

  /**
   * One SHA-256 over file, name, type, shape and bytes of every tensor, sorted by file and name:
   * two checkpoints have the same one exactly when they hold the same tensors, whatever their
   * metadata.
   */
  static String tensors(Path directory) throws IOException {
    MessageDigest digest = sha256();
    for (String file : CheckpointTensors.FILES.stream().sorted().toList()) {
      try (Arena arena = Arena.ofConfined()) {
        Map<String, Tensor> tensors =
            new TreeMap<>(Safetensors.read(directory.resolve(file), arena).tensors());
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
          Tensor tensor = entry.getValue();
          String heading =
              file + "\0" + entry.getKey() + "\0" + tensor.type() + "\0" + tensor.shape() + "\0";
          digest.update(heading.getBytes(StandardCharsets.UTF_8));
          update(digest, tensor.data());
        }
      }
    }
    return hex(digest);
  }

  private static void update(MessageDigest digest, MemorySegment data) {
    for (long at = 0; at < data.byteSize(); at += BLOCK) {
      digest.update(data.asSlice(at, Math.min(BLOCK, data.byteSize() - at)).asByteBuffer());
    }
  }
}
