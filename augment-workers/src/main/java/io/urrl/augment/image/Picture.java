package io.urrl.augment.image;

/**
 * An 8-bit RGB picture, interleaved, rows from the top. The memory is used again for the next
 * picture and grows to the largest one; bytes behind {@code 3 * width * height} mean nothing. For
 * one thread.
 */
public final class Picture {
  /** Bytes behind the last pixel that a kernel may read or write, whatever it finds there. */
  public static final int SLACK = 66;

  private byte[] data = new byte[0];
  private int width;
  private int height;

  /** Bytes r, g, b of each pixel, row by row. */
  public byte[] data() {
    return data;
  }

  /** Columns. */
  public int width() {
    return width;
  }

  /** Rows. */
  public int height() {
    return height;
  }

  /** Number of bytes that mean something. */
  public int length() {
    return 3 * width * height;
  }

  /**
   * Takes a size; the content is undefined afterwards.
   *
   * @return this picture's bytes, at least {@code 3 * width * height + SLACK} of them
   */
  public byte[] resize(int width, int height) {
    int length = Math.multiplyExact(3, Math.multiplyExact(width, height));
    if (data.length < length + SLACK) {
      data = new byte[Math.addExact(length, SLACK)];
    }
    this.width = width;
    this.height = height;
    return data;
  }

  /** Becomes a copy of another picture. */
  public void copyFrom(Picture other) {
    System.arraycopy(other.data, 0, resize(other.width, other.height), 0, other.length());
  }

  /** Exchanges content with another picture, without copying. */
  public void swap(Picture other) {
    byte[] bytes = data;
    int columns = width;
    int rows = height;
    data = other.data;
    width = other.width;
    height = other.height;
    other.data = bytes;
    other.width = columns;
    other.height = rows;
  }
}
