package io.urrl.augment.data;

import java.util.Arrays;

/**
 * A member's header, 512 bytes: POSIX ustar, GNU's and the old one without a magic.
 *
 * <p>Layout: POSIX.1-2017, pax, "ustar Interchange Format"; numbers too large for octal digits are
 * binary, as GNU tar writes them.
 */
final class TarHeader {
  static final int LENGTH = 512;

  private static final int NAME_LENGTH = 100;
  private static final int SIZE_OFFSET = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int CHECKSUM_OFFSET = 148;
  private static final int CHECKSUM_LENGTH = 8;
  private static final int KIND_OFFSET = 156;
  private static final int LINK_OFFSET = 157;
  private static final int MAGIC_OFFSET = 257;
  private static final int PREFIX_OFFSET = 345;
  private static final int PREFIX_LENGTH = 155;
  private static final int SPARSE_EXTENDED_OFFSET = 482;
  private static final int BINARY = 0x80;

  private final byte[] bytes = new byte[LENGTH];

  /** The bytes, to be filled. */
  byte[] bytes() {
    return bytes;
  }

  /** Whether all bytes are zero, as those of an archive's end are. */
  boolean isZero() {
    for (byte value : bytes) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether the checksum is right: of unsigned bytes, or of signed ones as some old tools have. */
  boolean isValid() {
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < LENGTH; i++) {
      boolean own = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + CHECKSUM_LENGTH;
      unsigned += own ? ' ' : bytes[i] & 0xFF;
      signed += own ? ' ' : bytes[i];
    }
    long given = number(CHECKSUM_OFFSET, CHECKSUM_LENGTH);
    return given == unsigned || given == signed;
  }

  /** What the member is; {@code '0'} for the old way to say a regular file. */
  char kind() {
    return bytes[KIND_OFFSET] == 0 ? '0' : (char) (bytes[KIND_OFFSET] & 0xFF);
  }

  /** Length of the content, or −1 when the field holds no length. */
  long size() {
    return number(SIZE_OFFSET, SIZE_LENGTH);
  }

  /** The member's name, as {@link FileNames} has it. */
  String name() {
    String name = text(bytes, 0, NAME_LENGTH);
    boolean posix = text(bytes, MAGIC_OFFSET, 6).equals("ustar");
    String prefix = posix ? text(bytes, PREFIX_OFFSET, PREFIX_LENGTH) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  /** Where a link leads. */
  String link() {
    return text(bytes, LINK_OFFSET, NAME_LENGTH);
  }

  /** Whether a sparse member's map goes on in the block behind. */
  boolean isSparseMapContinued() {
    return bytes[SPARSE_EXTENDED_OFFSET] != 0;
  }

  /** An octal number between spaces and zeros, or a binary one; −1: neither. */
  private long number(int offset, int length) {
    if (bytes[offset] < 0) {
      return binary(offset, length);
    }
    int from = offset;
    int end = offset + length;
    while (from < end && bytes[from] == ' ') {
      from++;
    }
    long number = 0;
    for (int i = from; i < end && bytes[i] != 0 && bytes[i] != ' '; i++) {
      if (bytes[i] < '0' || bytes[i] > '7') {
        return -1;
      }
      number = number << 3 | (bytes[i] - '0');
    }
    return number;
  }

  private long binary(int offset, int length) {
    long number = (bytes[offset] & 0xFFL) - BINARY;
    for (int i = offset + 1; i < offset + length; i++) {
      if (number < 0 || number >= 1L << (Long.SIZE - 1 - Byte.SIZE)) {
        return -1;
      }
      number = number << 8 | (bytes[i] & 0xFF);
    }
    return number;
  }

  /** A text that ends at the first zero or after {@code length} bytes. */
  static String text(byte[] bytes, int offset, int length) {
    int end = offset;
    while (end < offset + length && bytes[end] != 0) {
      end++;
    }
    return FileNames.text(Arrays.copyOfRange(bytes, offset, end));
  }
}
