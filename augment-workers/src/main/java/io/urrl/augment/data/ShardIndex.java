package io.urrl.augment.data;

import io.urrl.actors.files.FileFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Where the samples of a shard are. A shard is walked once; what was found is kept beside it, as
 * {@code SHARD.index}, where that may be written, and holds as long as the shard has the same
 * length and the same time of change.
 *
 * @param samples in the order of the shard
 */
record ShardIndex(List<Sample> samples) {
  private static final int MAGIC = 0x75726c74;
  private static final Set<String> PICTURES = Set.of("jpg", "jpeg", "png", "webp", "bmp");
  private static final String CLASS = "cls";
  private static final int LONGEST_CLASS = 32;
  private static final FileAttribute<?> READABLE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));

  /**
   * A sample.
   *
   * @param name member that holds the picture
   * @param offset where the picture begins
   * @param length its bytes
   * @param label its class
   */
  record Sample(String name, long offset, int length, int label) {}

  /**
   * Reads or makes the index of a shard.
   *
   * @throws DataException when the shard cannot be used
   */
  static ShardIndex of(Path shard) {
    try {
      long length = Files.size(shard);
      long changed = Files.getLastModifiedTime(shard).toMillis();
      Path kept = shard.resolveSibling(shard.getFileName() + ".index");
      Optional<ShardIndex> known = kept(kept, length, changed);
      if (known.isPresent()) {
        return known.get();
      }
      ShardIndex index = new ShardIndex(scan(shard));
      index.keep(kept, length, changed);
      return index;
    } catch (IOException e) {
      throw new DataException(
          "shard " + shard + " cannot be read: " + FileFailure.reason(shard, e), e);
    }
  }

  /** The picture and the class of a key, as far as the walk has seen them. */
  private static final class Parts {
    private String name;
    private long offset;
    private int length;
    private int label = -1;
  }

  private static List<Sample> scan(Path shard) throws IOException {
    Map<String, Parts> keys = new LinkedHashMap<>();
    try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.READ)) {
      TarScan.walk(
          shard,
          (name, offset, size) -> {
            int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
            String suffix = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
            boolean picture = PICTURES.contains(suffix);
            if (!picture && !suffix.equals(CLASS)) {
              return;
            }
            Parts parts = keys.computeIfAbsent(name.substring(0, dot), key -> new Parts());
            if (!picture) {
              parts.label = label(shard, name, channel, offset, size);
            } else if (size < FileBytes.MOST_BYTES) {
              parts.name = name;
              parts.offset = offset;
              parts.length = (int) size;
            }
          });
    }
    List<Sample> samples = new ArrayList<>();
    for (Map.Entry<String, Parts> key : keys.entrySet()) {
      Parts parts = key.getValue();
      if (parts.name == null || parts.label < 0) {
        throw new DataException(
            "shard %s: %s has no %s; each sample needs a picture and a .cls"
                .formatted(shard, key.getKey(), parts.name == null ? "picture" : ".cls"));
      }
      samples.add(new Sample(parts.name, parts.offset, parts.length, parts.label));
    }
    return samples;
  }

  private static int label(Path shard, String name, FileChannel channel, long offset, long size)
      throws IOException {
    byte[] bytes = new byte[(int) Math.min(size, LONGEST_CLASS)];
    TarScan.read(channel, offset, bytes, bytes.length);
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    if (!text.matches("[0-9]{1,7}")) {
      throw new DataException(
          "shard %s: %s holds '%s'; a class is a number from 0".formatted(shard, name, text));
    }
    return Integer.parseInt(text);
  }

  private void keep(Path file, long length, long changed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(MAGIC);
    out.writeLong(length);
    out.writeLong(changed);
    out.writeInt(samples.size());
    for (Sample sample : samples) {
      out.writeUTF(sample.name);
      out.writeLong(sample.offset);
      out.writeInt(sample.length);
      out.writeInt(sample.label);
    }
    out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
    try {
      Path part =
          Files.createTempFile(file.toAbsolutePath().getParent(), ".shard", ".part", READABLE);
      Files.write(part, bytes.toByteArray());
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // A place that may not be written: the shard is walked again next time.
    }
  }

  /** The index in a file, unless it cannot be read or is that of another state of the shard. */
  private static Optional<ShardIndex> kept(Path file, long length, long changed) {
    try {
      byte[] bytes = Files.isReadable(file) ? Files.readAllBytes(file) : new byte[0];
      return read(bytes, length, changed);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<ShardIndex> read(byte[] bytes, long length, long changed)
      throws IOException {
    int end = Math.max(0, bytes.length - Integer.BYTES);
    DataInputStream checksum =
        new DataInputStream(new ByteArrayInputStream(bytes, end, bytes.length - end));
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, end));
    if (end == 0
        || checksum.readInt() != checksum(bytes, end)
        || in.readInt() != MAGIC
        || in.readLong() != length
        || in.readLong() != changed) {
      return Optional.empty();
    }
    int count = in.readInt();
    List<Sample> samples = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      samples.add(new Sample(in.readUTF(), in.readLong(), in.readInt(), in.readInt()));
    }
    return Optional.of(new ShardIndex(samples));
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }
}
