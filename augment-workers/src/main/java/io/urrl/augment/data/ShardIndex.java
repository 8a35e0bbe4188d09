package io.urrl.augment.data;

import io.urrl.actors.files.FileFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * Where the samples of a shard are. A shard is walked once; what was found is kept beside it, as
 * {@code SHARD.index}, where that may be written, and holds as long as the shard has the same
 * length and the same time of change. A shard that changed just now is walked again next time: a
 * file that is written twice within the grain of its file system's clock has one time for both.
 *
 * @param samples in the order of the shard; all have a class, or none
 * @param texts how numbers of classes are written, where that is not their plain decimal form
 * @param unused members that are neither picture nor class
 * @param firstUnused name of the first of them, or nothing
 */
record ShardIndex(List<Sample> samples, Map<Long, String> texts, int unused, String firstUnused) {
  /** Number of the class of samples that have none. */
  static final long NO_CLASS = -1;

  /** Of this format's third version. */
  private static final int MAGIC = 0x75726c76;

  /** The coarsest clock of a file system in use, FAT's. */
  private static final Duration CLOCK_GRAIN = Duration.ofSeconds(2);

  private static final FileAttribute<?> READABLE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));

  /**
   * A sample.
   *
   * @param name member that holds the picture, as {@link FileNames} has it
   * @param offset where the picture begins
   * @param length its bytes, {@link FileBytes#MOST_BYTES} where there are more
   * @param number of its class as the shard has it, or {@link #NO_CLASS}
   */
  record Sample(String name, long offset, int length, long number) {}

  /** Whether the samples have classes. */
  boolean isLabelled() {
    return !samples.isEmpty() && samples.getFirst().number != NO_CLASS;
  }

  /**
   * Reads or makes the index of a shard.
   *
   * @throws DataException when the shard cannot be used
   */
  static ShardIndex of(Path shard) {
    try {
      long length = Files.size(shard);
      FileTime time = Files.getLastModifiedTime(shard);
      boolean settled = time.toInstant().isBefore(Instant.now().minus(CLOCK_GRAIN));
      long changed = time.to(TimeUnit.NANOSECONDS);
      Path kept = FileNames.beside(shard, ".index");
      Optional<ShardIndex> known = kept(kept, length, changed);
      if (known.isPresent()) {
        return known.get();
      }
      ShardIndex index = ShardSamples.of(shard);
      if (settled) {
        index.keep(kept, length, changed);
      }
      return index;
    } catch (IOException e) {
      throw new DataException(
          "shard %s cannot be read: %s"
              .formatted(FileNames.text(shard), FileFailure.reason(shard, e)),
          e);
    }
  }

  private void keep(Path file, long length, long changed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(MAGIC);
    out.writeLong(length);
    out.writeLong(changed);
    out.writeInt(samples.size());
    for (Sample sample : samples) {
      write(out, sample.name);
      out.writeLong(sample.offset);
      out.writeInt(sample.length);
      out.writeLong(sample.number);
    }
    out.writeInt(texts.size());
    for (Map.Entry<Long, String> text : texts.entrySet()) {
      out.writeLong(text.getKey());
      write(out, text.getValue());
    }
    out.writeInt(unused);
    write(out, firstUnused);
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

  private static void write(DataOutputStream out, String name) throws IOException {
    byte[] bytes = FileNames.bytes(name);
    out.writeInt(bytes.length);
    out.write(bytes);
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
      samples.add(new Sample(name(in), in.readLong(), in.readInt(), in.readLong()));
    }
    int written = in.readInt();
    Map<Long, String> texts = new HashMap<>();
    for (int i = 0; i < written; i++) {
      texts.put(in.readLong(), name(in));
    }
    return Optional.of(new ShardIndex(samples, Map.copyOf(texts), in.readInt(), name(in)));
  }

  private static String name(DataInputStream in) throws IOException {
    return FileNames.text(in.readNBytes(in.readInt()));
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }
}
