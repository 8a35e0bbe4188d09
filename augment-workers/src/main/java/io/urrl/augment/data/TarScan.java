package io.urrl.augment.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Walks the members of a tar archive by their headers, without reading their content: POSIX ustar
 * with pax headers, and GNU's long names and large sizes.
 */
final class TarScan {
  private static final int BLOCK = 512;
  private static final int NAME_LENGTH = 100;
  private static final int SIZE_OFFSET = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int CHECKSUM_OFFSET = 148;
  private static final int CHECKSUM_LENGTH = 8;
  private static final int KIND_OFFSET = 156;
  private static final int MAGIC_OFFSET = 257;
  private static final int PREFIX_OFFSET = 345;
  private static final int PREFIX_LENGTH = 155;

  /** Longest extended header that is believed. */
  private static final int MOST_EXTENDED = 1 << 20;

  /** Hears of each regular file. */
  interface Visitor {
    void file(String name, long offset, long size) throws IOException;
  }

  private final Path path;
  private final FileChannel channel;
  private final byte[] header = new byte[BLOCK];
  private String longName;
  private long longSize = -1;

  private TarScan(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Walks an archive.
   *
   * @throws DataException when it is none or is cut short
   */
  static void walk(Path path, Visitor visitor) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      new TarScan(path, channel).walk(visitor);
    }
  }

  private void walk(Visitor visitor) throws IOException {
    long length = channel.size();
    long at = 0;
    while (at + BLOCK <= length) {
      read(channel, at, header, BLOCK);
      if (isEnd()) {
        return;
      }
      requireChecksum(at);
      byte kind = header[KIND_OFFSET];
      boolean extended = kind == 'x' || kind == 'g' || kind == 'L' || kind == 'K';
      long size = !extended && longSize >= 0 ? longSize : number(SIZE_OFFSET, SIZE_LENGTH);
      long content = at + BLOCK;
      if (size < 0 || size > length - content) {
        throw new DataException(
            "shard %s was cut short: a member at byte %d has %d bytes; copy it again"
                .formatted(path, at, size));
      }
      if (extended) {
        extend(kind, content, size);
      } else {
        if (kind == '0' || kind == 0) {
          visitor.file(longName == null ? name() : longName, content, size);
        }
        longName = null;
        longSize = -1;
      }
      at = content + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
  }

  /** What stands before a member for it: its name or size where the header has no room. */
  private void extend(byte kind, long offset, long size) throws IOException {
    if (kind != 'L' && kind != 'x') {
      return;
    }
    if (size > MOST_EXTENDED) {
      throw new DataException("shard %s: a name of %d bytes; make it anew".formatted(path, size));
    }
    byte[] bytes = new byte[(int) size];
    read(channel, offset, bytes, bytes.length);
    if (kind == 'L') {
      longName = text(bytes, 0, bytes.length);
      return;
    }
    // Each line is "LENGTH KEY=VALUE\n".
    int from = 0;
    while (from < bytes.length) {
      String line = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
      int end = line.indexOf('\n');
      int key = line.indexOf(' ') + 1;
      int value = line.indexOf('=') + 1;
      if (end < 0 || key == 0 || value == 0 || value > end) {
        return;
      }
      String what = line.substring(key, value - 1);
      if (what.equals("path")) {
        longName = line.substring(value, end);
      } else if (what.equals("size")) {
        longSize = Long.parseLong(line.substring(value, end));
      }
      from += line.substring(0, end + 1).getBytes(StandardCharsets.UTF_8).length;
    }
  }

  private boolean isEnd() {
    for (byte value : header) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private void requireChecksum(long at) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + CHECKSUM_LENGTH;
      sum += own ? ' ' : header[i] & 0xFF;
    }
    if (sum != number(CHECKSUM_OFFSET, CHECKSUM_LENGTH)) {
      throw new DataException(
          "shard %s is damaged or no tar archive: no header at byte %d; copy it again"
              .formatted(path, at));
    }
  }

  private String name() {
    String name = text(header, 0, NAME_LENGTH);
    boolean posix = text(header, MAGIC_OFFSET, 6).equals("ustar");
    String prefix = posix ? text(header, PREFIX_OFFSET, PREFIX_LENGTH) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  /** An octal number, or a binary one where the highest bit of its first byte is set. */
  private long number(int offset, int length) {
    long number = 0;
    if (header[offset] < 0) {
      for (int i = offset + length - Long.BYTES; i < offset + length; i++) {
        number = number << 8 | (header[i] & 0xFF);
      }
      return number;
    }
    for (int i = offset; i < offset + length; i++) {
      if (header[i] >= '0' && header[i] <= '7') {
        number = number << 3 | (header[i] - '0');
      }
    }
    return number;
  }

  private static String text(byte[] bytes, int offset, int length) {
    int end = offset;
    while (end < offset + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
  }

  /** Reads {@code length} bytes at a position. */
  static void read(FileChannel channel, long offset, byte[] into, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(into, 0, length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new IOException("it ends at byte " + channel.size());
      }
    }
  }
}
