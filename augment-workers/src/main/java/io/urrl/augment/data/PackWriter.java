package io.urrl.augment.data;

import io.urrl.actors.files.FileFailure;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.zip.CRC32C;

/**
 * Writes a pack beside its place, as {@code FILE.part}, and renames it when it is whole. The header
 * says every few seconds how many records are on the disk for certain: after a crash writing goes
 * on behind those.
 */
public final class PackWriter implements AutoCloseable {
  private static final long COMMIT_PAUSE = Duration.ofSeconds(5).toNanos();
  private static final int BUFFER = 1 << 20;

  private final Path file;
  private final Path part;
  private final FileChannel channel;
  private final PackParts parts;
  private final long[] offsets;
  private final int[] lengths;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final CRC32C checksum = new CRC32C();
  private final byte[] recordHeader = new byte[PackLayout.RECORD_HEADER_LENGTH];
  private PackHeader header;
  private int written;
  private long end;
  private long committedAt = System.nanoTime();

  private PackWriter(
      Path file, Path part, FileChannel channel, PackHeader header, PackParts parts) {
    this.file = file;
    this.part = part;
    this.channel = channel;
    this.header = header;
    this.parts = parts;
    offsets = new long[parts.size()];
    lengths = new int[parts.size()];
  }

  /**
   * Begins a pack, or goes on with one whose writing was cut off.
   *
   * @param shorterSide what longer shorter sides are resized to; 0: nothing is
   * @throws DataException when there is one already, or another one was begun there
   */
  public static PackWriter open(Path file, PackForm form, int shorterSide, PackParts parts) {
    if (Files.exists(file)) {
      throw new DataException(FileNames.text(file) + " exists; remove it or give another --out");
    }
    Path part = FileNames.beside(file, ".part");
    PackHeader header = PackHeader.empty(form, shorterSide, parts.classes().size(), parts);
    try {
      FileChannel channel =
          FileChannel.open(
              part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        PackWriter writer = new PackWriter(file, part, channel, header, parts);
        writer.begin();
        return writer;
      } catch (IOException | DataException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new DataException(FileNames.text(part) + " cannot be written: " + reason(part, e), e);
    }
  }

  /** A missing folder is what a mistyped --out gives; the part file itself is never missing. */
  private static String reason(Path part, IOException failure) {
    Path folder = part.toAbsolutePath().getParent();
    return Files.isDirectory(folder)
        ? FileFailure.reason(part, failure)
        : "the folder " + folder + " does not exist; make it, or give another --out";
  }

  private void begin() throws IOException {
    try {
      if (channel.tryLock() == null) {
        throw new DataException(
            FileNames.text(part) + " is being written by another process; wait for its end");
      }
    } catch (OverlappingFileLockException e) {
      throw new DataException(
          FileNames.text(part) + " is being written already; wait for its end", e);
    }
    if (channel.size() < PackLayout.HEADER_LENGTH) {
      writeAll(ByteBuffer.wrap(header.toBytes()), 0);
      end = PackLayout.HEADER_LENGTH;
      channel.position(end);
      return;
    }
    PackHeader found = PackHeader.of(readAll(0, PackLayout.HEADER_LENGTH), FileNames.text(part));
    if (!found.samePack(header)) {
      throw new DataException(
          FileNames.text(part)
              + " was begun from other data or with other options; repeat those, or remove it");
    }
    recall(found.records());
    if (end != found.indexOffset()) {
      throw new DataException(FileNames.text(part) + " is damaged; remove it and pack again");
    }
    channel.truncate(end);
    channel.position(end);
  }

  /** Finds the records that are there already by walking from one to the next. */
  private void recall(int count) throws IOException {
    end = PackLayout.HEADER_LENGTH;
    for (; written < count; written++) {
      long offset = PackLayout.aligned(end);
      MemorySegment record =
          MemorySegment.ofArray(readAll(offset, PackLayout.RECORD_HEADER_LENGTH));
      int length = PackLayout.getInt(record, PackLayout.PAYLOAD_LENGTH_OFFSET);
      if (PackLayout.getInt(record, PackLayout.SAMPLE_OFFSET) != written || length < 0) {
        throw new DataException(FileNames.text(part) + " is damaged; remove it and pack again");
      }
      offsets[written] = offset;
      lengths[written] = length;
      end = offset + PackLayout.RECORD_HEADER_LENGTH + length;
    }
  }

  /** Number of records that are in the pack; the next one has this number. */
  public int written() {
    return written;
  }

  /** Writes the next record. */
  public void append(PackRecord record) throws IOException {
    byte[] payload = record.payload();
    MemorySegment fields = MemorySegment.ofArray(recordHeader);
    PackLayout.putInt(fields, PackLayout.PAYLOAD_LENGTH_OFFSET, payload.length);
    PackLayout.putInt(fields, PackLayout.SAMPLE_OFFSET, written);
    PackLayout.putInt(fields, PackLayout.KIND_OFFSET, record.kind());
    PackLayout.putInt(fields, PackLayout.WIDTH_OFFSET, record.width());
    PackLayout.putInt(fields, PackLayout.HEIGHT_OFFSET, record.height());
    PackLayout.putInt(
        fields,
        PackLayout.CHECKSUM_OFFSET,
        PackLayout.recordChecksum(checksum, recordHeader, payload, payload.length));
    pad();
    offsets[written] = end;
    lengths[written] = payload.length;
    put(recordHeader);
    put(payload);
    written++;
    if (System.nanoTime() - committedAt >= COMMIT_PAUSE) {
      commit();
    }
  }

  /** Brings all records to the disk, and then the news of it. */
  public void commit() throws IOException {
    flush();
    channel.force(false);
    header = header.with(written, end, 0, 0);
    writeAll(ByteBuffer.wrap(header.toBytes()), 0);
    committedAt = System.nanoTime();
  }

  /**
   * Writes the index, and gives the file its name.
   *
   * @return length of the file in bytes
   */
  public long finish() throws IOException {
    commit();
    pad();
    long indexOffset = end;
    CRC32C index = new CRC32C();
    PackIndexWriter.write(
        parts,
        offsets,
        lengths,
        bytes -> {
          index.update(bytes);
          put(bytes);
        });
    flush();
    header = header.with(written, indexOffset, (int) index.getValue(), end);
    channel.force(false);
    writeAll(ByteBuffer.wrap(header.toBytes()), 0);
    channel.force(true);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    return end;
  }

  private void pad() throws IOException {
    put(new byte[(int) (PackLayout.aligned(end) - end)]);
  }

  private void put(byte[] bytes) throws IOException {
    int from = 0;
    while (from < bytes.length) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int count = Math.min(buffer.remaining(), bytes.length - from);
      buffer.put(bytes, from, count);
      from += count;
    }
    end += bytes.length;
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  private void writeAll(ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  private byte[] readAll(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new DataException(FileNames.text(part) + " is damaged; remove it and pack again");
      }
    }
    return bytes.array();
  }

  /** Leaves what is not finished to be gone on with. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
