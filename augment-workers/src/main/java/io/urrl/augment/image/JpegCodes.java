package io.urrl.augment.image;

/** One Huffman table of a JPEG, for reading codes bit by bit. */
final class JpegCodes {
  private static final int LONGEST = 16;

  /** Largest code of each length, −1 where there is none. */
  private final int[] largest = new int[LONGEST + 1];

  /** What leads from a code of a length to the place of its value. */
  private final int[] offset = new int[LONGEST + 1];

  private final byte[] values;

  /**
   * Reads a table.
   *
   * @param at place of the sixteen numbers of codes, which the values follow
   * @param count number of values
   */
  JpegCodes(byte[] bytes, int at, int count) {
    values = new byte[count];
    System.arraycopy(bytes, at + LONGEST, values, 0, count);
    int code = 0;
    int value = 0;
    for (int length = 1; length <= LONGEST; length++) {
      int codes = bytes[at + length - 1] & 0xFF;
      offset[length] = value - code;
      code += codes;
      value += codes;
      largest[length] = codes == 0 ? -1 : code - 1;
      code <<= 1;
    }
  }

  /** Whether bits are a code, where no shorter beginning of them is one. */
  boolean isCode(int bits, int length) {
    return bits <= largest[length];
  }

  /** What a code means. */
  int value(int code, int length) {
    int place = code + offset[length];
    return place >= 0 && place < values.length ? values[place] & 0xFF : 0;
  }

  /** Number of values of the table whose numbers of codes stand at a place. */
  static int count(byte[] bytes, int at) {
    int count = 0;
    for (int i = 0; i < LONGEST; i++) {
      count += bytes[at + i] & 0xFF;
    }
    return count;
  }
}
