package io.urrl.parameters.checkpoint;

import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

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
    byte[] block = new byte[1 << 18];
    try (InputStream bytes = Files.newInputStream(file)) {
      for (int count = bytes.read(block); count >= 0; count = bytes.read(block)) {
        digest.update(block, 0, count);
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
    for (String file : files(directory)) {
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

  /** Names of a checkpoint's tensor files, sorted. */
  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      List<String> files =
          all.map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(CheckpointTensors.EXTENSION))
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw new NoSuchFileException(directory.resolve(CheckpointTensors.QUERY).toString());
      }
      return files;
    }
  }

  private static void update(MessageDigest digest, MemorySegment data) {
    for (long at = 0; at < data.byteSize(); at += BLOCK) {
      digest.update(data.asSlice(at, Math.min(BLOCK, data.byteSize() - at)).asByteBuffer());
    }
  }
}
