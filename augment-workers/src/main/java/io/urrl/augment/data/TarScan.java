package io.urrl.augment.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Walks the members of a tar archive by their headers, without reading their content: POSIX ustar
 * with pax headers, and GNU's long names and large sizes. An archive without the zero block that
 * ends it was cut short, wherever the cut is.
 */
final class TarScan {
  private static final int BLOCK = TarHeader.LENGTH;

  /** Longest extended header that is believed. */
  private static final int MOST_EXTENDED = 1 << 20;

  /** Zeros behind the last member that no blocking factor explains. */
  private static final int MOST_PADDING = 1 << 20;

  private static final int PIECE = 1 << 16;

  /** What a member is, to a reader of samples. */
  enum Kind {
    FILE,
    HARD_LINK,
    SYMBOLIC_LINK,
    SPARSE,
    OTHER
  }

  /**
   * A member that is no directory.
   *
   * @param name as {@link FileNames} has it
   * @param offset where its content begins
   * @param size bytes of the content
   * @param link where a link leads
   */
  record Member(Kind kind, String name, long offset, long size, String link) {}

  /** Hears of each member. */
  interface Visitor {
    void member(Member member) throws IOException;
  }

  private final FileChannel channel;
  private final long length;
  private final TarHeader header = new TarHeader();
  private final PaxRecords pax = new PaxRecords();
  private String longName;
  private String longLink;

  private TarScan(FileChannel channel) throws IOException {
    this.channel = channel;
    length = channel.size();
  }

  /**
   * Walks an archive.
   *
   * @throws ArchiveDamage when it is none, damaged or cut short, after all members before that
   */
  static void walk(Path path, Visitor visitor) throws IOException, ArchiveDamage {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      new TarScan(channel).members(path, visitor);
    }
  }

  private void members(Path path, Visitor visitor) throws IOException, ArchiveDamage {
    requirePlain(path);
    long at = 0;
    while (at <= length - BLOCK) {
      read(channel, at, header.bytes(), BLOCK);
      if (header.isZero()) {
        requireEnd(at);
        return;
      }
      if (!header.isValid()) {
        throw at == 0
            ? ArchiveDamage.noArchive("it is no tar archive; give tar archives, or make it anew")
            : ArchiveDamage.within(
                "it is damaged: no header at byte %d; copy it again".formatted(at));
      }
      at = member(at, visitor);
    }
    throw ArchiveDamage.within(
        "it is truncated: it ends at byte %d without the end of an archive; copy it again, and let what writes it close it"
            .formatted(length));
  }

  private void requirePlain(Path path) throws IOException, ArchiveDamage {
    byte[] begin = new byte[(int) Math.min(length, Long.BYTES)];
    read(channel, 0, begin, begin.length);
    var remedy = Compression.remedy(begin, FileNames.text(path));
    if (remedy.isPresent()) {
      throw ArchiveDamage.noArchive(remedy.get());
    }
  }

  /** Takes the member whose header was read; returns where the next one begins. */
  private long member(long at, Visitor visitor) throws IOException, ArchiveDamage {
    char kind = header.kind();
    long content = at + BLOCK;
    while (kind == 'S' && header.isSparseMapContinued() && content <= length - BLOCK) {
      // The map's further blocks say at another place whether one more follows.
      byte[] map = new byte[BLOCK];
      read(channel, content, map, BLOCK);
      content += BLOCK;
      if (map[BLOCK - 8] == 0) {
        break;
      }
    }
    boolean extended = kind == 'x' || kind == 'X' || kind == 'g' || kind == 'L' || kind == 'K';
    // Links, devices and directories have no content, whatever their size says.
    boolean empty = kind >= '1' && kind <= '6';
    long size = empty ? 0 : extended ? header.size() : pax.size(header.size());
    if (size < 0) {
      throw ArchiveDamage.within(
          "it is damaged: the header at byte %d holds no length; copy it again".formatted(at));
    }
    if (size > length - content) {
      throw ArchiveDamage.within(
          "it is truncated: it was cut short within the %d bytes of a member at byte %d; copy it again"
              .formatted(size, at));
    }
    if (extended) {
      extend(kind, at, content, size);
    } else {
      visit(kind, content, size, visitor);
    }
    return content + (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  private void visit(char kind, long content, long size, Visitor visitor) throws IOException {
    String name = pax.name(longName == null ? header.name() : longName);
    String link = pax.link(longLink == null ? header.link() : longLink);
    boolean directory = kind == '5' || kind == 'D' || (kind == '0' && name.endsWith("/"));
    Kind what =
        switch (kind) {
          case '1' -> Kind.HARD_LINK;
          case '2' -> Kind.SYMBOLIC_LINK;
          case 'S' -> Kind.SPARSE;
          case '3', '4', '6', 'M', 'N', 'V', 'A', 'I' -> Kind.OTHER;
          // What POSIX does not know counts as a regular file, as it wants it.
          default -> pax.isSparse() ? Kind.SPARSE : Kind.FILE;
        };
    pax.clear();
    longName = null;
    longLink = null;
    if (!directory) {
      visitor.member(new Member(what, name, content, size, link));
    }
  }

  /** What stands before a member for it: names and sizes where the header has no room. */
  private void extend(char kind, long at, long offset, long size)
      throws IOException, ArchiveDamage {
    if (kind == 'g') {
      // Holds for all members, so it names none of them.
      return;
    }
    boolean whole = size <= MOST_EXTENDED;
    byte[] bytes = new byte[whole ? (int) size : 0];
    read(channel, offset, bytes, bytes.length);
    switch (kind) {
      case 'L' -> longName = TarHeader.text(bytes, 0, bytes.length);
      case 'K' -> longLink = TarHeader.text(bytes, 0, bytes.length);
      default -> whole &= pax.read(bytes);
    }
    if (!whole) {
      throw ArchiveDamage.within(
          "it is damaged: the extended header at byte %d cannot be read; copy it again"
              .formatted(at));
    }
  }

  /**
   * Nothing but zeros, and no more of them than archives are padded with, follow the last member.
   */
  private void requireEnd(long end) throws IOException, ArchiveDamage {
    byte[] piece = new byte[PIECE];
    for (long at = end; at <= length - BLOCK; at += PIECE) {
      int count = (int) Math.min(PIECE, length - at);
      read(channel, at, piece, count);
      for (int from = 0; from <= count - BLOCK; from += BLOCK) {
        System.arraycopy(piece, from, header.bytes(), 0, BLOCK);
        if (!header.isZero() && header.isValid()) {
          throw ArchiveDamage.within(
              "it goes on behind its end, at byte %d, as archives do that were joined without tar; keep them apart, or unpack it with tar --ignore-zeros and make it anew"
                  .formatted(at + from));
        }
      }
    }
    if (length - end > MOST_PADDING) {
      throw ArchiveDamage.within(
          "it is truncated: from byte %d on it holds zeros, as a download does that was cut off; copy it again"
              .formatted(end));
    }
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
