package io.urrl.augment.image;

import java.util.Arrays;

/**
 * The runs of a compressed BMP, as PIL 9.4 expands them, its peculiarities included: a run is cut
 * off at its row's end, the two bytes of a jump stand behind two others, an odd number of nibbles
 * loses the last one, and the alignment of literal pixels is that of the file.
 */
final class BmpRuns {
  private static final int END_OF_ROW = 0;
  private static final int END_OF_PICTURE = 1;
  private static final int JUMP = 2;
  private static final int FIRST_ROOM = 1 << 16;

  private final byte[] bytes;
  private final int length;
  private final int width;
  private final int total;
  private final boolean nibbles;
  private byte[] indices;
  private int at;
  private long made;
  private long x;

  /** Expands a picture's runs into memory that grows with them, not with the header's size. */
  BmpRuns(byte[] bytes, int length, BmpHeader header) {
    this.bytes = bytes;
    this.length = length;
    width = (int) header.width();
    total = (int) (header.width() * header.height());
    nibbles = header.runsOfNibbles();
    at = (int) Math.min(length, header.pixelsAt());
    indices = new byte[Math.min(total, FIRST_ROOM)];
  }

  /**
   * Expands the runs.
   *
   * @return an index for every pixel, in the order of the file's rows
   * @throws BrokenPictureException when there are fewer
   */
  byte[] indices() throws BrokenPictureException {
    while (made < total && at + 2 <= length && step()) {
      // The step took its bytes.
    }
    if (made < total) {
      throw new BrokenPictureException("truncated: the runs of the BMP end before its pixels do");
    }
    return indices;
  }

  /** Takes one run or one command; returns whether there may be another one. */
  private boolean step() throws BrokenPictureException {
    int count = bytes[at] & 0xFF;
    int value = bytes[at + 1] & 0xFF;
    at += 2;
    if (count > 0) {
      run((int) Math.min(count, Math.max(0, width - x)), value);
      return true;
    }
    return switch (value) {
      case END_OF_ROW -> {
        skip((width - made % width) % width);
        x = 0;
        yield true;
      }
      case END_OF_PICTURE -> false;
      case JUMP -> jump();
      default -> literal(value);
    };
  }

  private void run(int count, int value) {
    for (int i = 0; i < count; i++) {
      add(!nibbles ? value : i % 2 == 0 ? value >> 4 : value & 0xF);
    }
    x += count;
  }

  private boolean jump() throws BrokenPictureException {
    if (at + 2 > length) {
      return false;
    }
    if (at + 4 > length) {
      throw new BrokenPictureException("truncated: the runs of the BMP end within a jump");
    }
    skip((bytes[at + 2] & 0xFF) + (long) (bytes[at + 3] & 0xFF) * width);
    at += 4;
    x = made % width;
    return true;
  }

  private boolean literal(int count) {
    int stored = nibbles ? count / 2 : count;
    int there = Math.min(stored, length - at);
    for (int i = at; i < at + there; i++) {
      int value = bytes[i] & 0xFF;
      if (nibbles) {
        add(value >> 4);
        add(value & 0xF);
      } else {
        add(value);
      }
    }
    at += there;
    x += count;
    at += at % 2;
    return there == stored;
  }

  /** Leaves pixels out: they have index 0. */
  private void skip(long count) {
    made = Math.min(made + count, Integer.MAX_VALUE);
    if (made <= total) {
      ensure((int) made);
    } else {
      ensure(total);
    }
  }

  private void add(int index) {
    if (made < total) {
      ensure((int) made + 1);
      indices[(int) made] = (byte) index;
    }
    made++;
  }

  private void ensure(int count) {
    if (indices.length < count) {
      indices = Arrays.copyOf(indices, Math.max(count, (int) Math.min(2L * indices.length, total)));
    }
  }
}
