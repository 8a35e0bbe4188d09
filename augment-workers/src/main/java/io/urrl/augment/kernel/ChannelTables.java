package io.urrl.augment.kernel;

import java.util.Arrays;

/**
 * Tables of 256 entries for each channel of interleaved pixels: red's, green's, blue's, one behind
 * the other. There is one form for all processors: without instructions for lookups in 256 entries
 * vectors do not pay.
 */
public final class ChannelTables {
  /** Entries of a channel. */
  public static final int ENTRIES = 256;

  /** Entries of all channels. */
  public static final int LENGTH = 3 * ENTRIES;

  private static final int TWO_PIXELS = 6;

  private final int[] counts = new int[2 * LENGTH];

  /**
   * Looks every byte up.
   *
   * @param out may be {@code in}
   * @param table of {@value #LENGTH} entries
   */
  public static void lookUp(byte[] in, byte[] out, int length, byte[] table) {
    for (int i = 0; i < length; i += 3) {
      out[i] = table[in[i] & 0xFF];
      out[i + 1] = table[ENTRIES + (in[i + 1] & 0xFF)];
      out[i + 2] = table[2 * ENTRIES + (in[i + 2] & 0xFF)];
    }
  }

  /**
   * Counts every value of every channel. Neighbours, which are often equal, count in different
   * tables, so that no count waits for the one before it.
   *
   * @param histogram takes {@value #LENGTH} counts
   */
  public void count(byte[] in, int length, int[] histogram) {
    int[] sums = counts;
    Arrays.fill(sums, 0);
    int whole = length / TWO_PIXELS * TWO_PIXELS;
    for (int i = 0; i < whole; i += TWO_PIXELS) {
      sums[in[i] & 0xFF]++;
      sums[ENTRIES + (in[i + 1] & 0xFF)]++;
      sums[2 * ENTRIES + (in[i + 2] & 0xFF)]++;
      sums[3 * ENTRIES + (in[i + 3] & 0xFF)]++;
      sums[4 * ENTRIES + (in[i + 4] & 0xFF)]++;
      sums[5 * ENTRIES + (in[i + 5] & 0xFF)]++;
    }
    for (int i = whole; i < length; i++) {
      sums[(i - whole) * ENTRIES + (in[i] & 0xFF)]++;
    }
    for (int i = 0; i < LENGTH; i++) {
      histogram[i] = sums[i] + sums[LENGTH + i];
    }
  }
}
