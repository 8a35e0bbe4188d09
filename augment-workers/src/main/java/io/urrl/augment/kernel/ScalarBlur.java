package io.urrl.augment.kernel;

/** {@link BlurKernel} in plain loops with running sums: as fast for large radii as for small. */
final class ScalarBlur implements BlurKernel {
  private static final int ROUND = 1 << 23;
  private static final int SHIFT = 24;

  private byte[] line = new byte[0];
  private byte[] next = new byte[0];
  private int[] sums = new int[0];

  @Override
  public void rows(
      byte[] data, int width, int height, int passes, int radius, int weight, int edge) {
    if (line.length < width) {
      line = new byte[width];
      next = new byte[width];
    }
    for (int start = 0; start < 3 * height * width; start += 3 * width) {
      for (int channel = start; channel < start + 3; channel++) {
        for (int x = 0; x < width; x++) {
          line[x] = data[channel + 3 * x];
        }
        for (int pass = 0; pass < passes; pass++) {
          filter(line, next, width, radius, weight, edge);
          byte[] swap = line;
          line = next;
          next = swap;
        }
        for (int x = 0; x < width; x++) {
          data[channel + 3 * x] = line[x];
        }
      }
    }
  }

  private static void filter(byte[] in, byte[] out, int length, int radius, int weight, int edge) {
    int last = length - 1;
    int sum = 0;
    for (int i = -radius - 1; i < radius; i++) {
      sum += in[Math.clamp(i, 0, last)] & 0xFF;
    }
    for (int i = 0; i < length; i++) {
      int left = in[Math.max(i - radius - 1, 0)] & 0xFF;
      int right = in[Math.min(i + radius + 1, last)] & 0xFF;
      sum += (in[Math.min(i + radius, last)] & 0xFF) - left;
      out[i] = (byte) ((sum * weight + (left + right) * edge + ROUND) >>> SHIFT);
    }
  }

  @Override
  public void columns(
      byte[] in, int width, int height, int radius, int weight, int edge, byte[] out) {
    int row = 3 * width;
    int last = height - 1;
    if (sums.length < row) {
      sums = new int[row];
    }
    java.util.Arrays.fill(sums, 0, row, 0);
    for (int y = -radius - 1; y < radius; y++) {
      int from = Math.clamp(y, 0, last) * row;
      for (int x = 0; x < row; x++) {
        sums[x] += in[from + x] & 0xFF;
      }
    }
    for (int y = 0; y < height; y++) {
      int left = Math.max(y - radius - 1, 0) * row;
      int newest = Math.min(y + radius, last) * row;
      int right = Math.min(y + radius + 1, last) * row;
      filterRow(in, left, newest, right, row, weight, edge, out, y * row);
    }
  }

  private void filterRow(
      byte[] in,
      int left,
      int newest,
      int right,
      int length,
      int weight,
      int edge,
      byte[] out,
      int to) {
    for (int x = 0; x < length; x++) {
      int before = in[left + x] & 0xFF;
      int after = in[right + x] & 0xFF;
      int sum = sums[x] + (in[newest + x] & 0xFF) - before;
      sums[x] = sum;
      out[to + x] = (byte) ((sum * weight + (before + after) * edge + ROUND) >>> SHIFT);
    }
  }
}
