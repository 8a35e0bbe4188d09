package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.kernel.LayoutKernel;
import io.urrl.augment.kernel.ResampleKernel;
import io.urrl.augment.kernel.Taps;

/**
 * PIL's antialiased bilinear resize: weights in fixed point of 22 bits, rounded to 8 bits after the
 * horizontal and again after the vertical pass. A direction that keeps its size is not filtered.
 * Only the wanted part of the result is made.
 */
final class Resample {
  private final ResampleKernel kernel;
  private final LayoutKernel layout;
  private final Taps columns = new Taps();
  private final Taps rows = new Taps();
  private double[] exact = new double[0];
  private byte[] middle = new byte[0];

  Resample(KernelSet set) {
    kernel = ResampleKernel.of(set);
    layout = LayoutKernel.of(set);
  }

  /**
   * Cuts out a box that lies within the picture and resizes it.
   *
   * @param mirrored whether left and right are exchanged afterwards
   */
  void cropAndResize(
      Picture from,
      int top,
      int left,
      int height,
      int width,
      Picture into,
      int outH,
      int outW,
      boolean mirrored) {
    boolean across = width != outW;
    boolean down = height != outH;
    int stride = 3 * from.width();
    int start = top * stride + 3 * left;
    if (across) {
      plan(columns, width, outW, 0, outW, mirrored);
    }
    if (down) {
      plan(rows, height, outH, 0, outH, false);
    }
    byte[] target = into.resize(outW, outH);
    boolean turn = mirrored && !across;
    make(from.data(), start, stride, across, down, outW, outH, turn ? roomFor(outW, outH) : target);
    if (turn) {
      layout.flip(middle, outW, outH, target);
    }
  }

  /** Resizes a picture and cuts out a box that lies within the result. */
  void resizeAndCrop(
      Picture from,
      int resizedH,
      int resizedW,
      int top,
      int left,
      int height,
      int width,
      Picture into) {
    boolean across = from.width() != resizedW;
    boolean down = from.height() != resizedH;
    int stride = 3 * from.width();
    int start = (down ? 0 : top * stride) + (across ? 0 : 3 * left);
    if (across) {
      plan(columns, from.width(), resizedW, left, width, false);
    }
    if (down) {
      plan(rows, from.height(), resizedH, top, height, false);
    }
    make(from.data(), start, stride, across, down, width, height, into.resize(width, height));
  }

  private void plan(Taps taps, int inside, int outside, int from, int places, boolean mirrored) {
    int span = TriangleFilter.span(inside, outside);
    if (exact.length < span) {
      exact = new double[span];
    }
    TriangleFilter.plan(taps, inside, outside, from, places, mirrored, exact);
  }

  /** Both passes, as far as they are planned; {@code in} from {@code start} on. */
  private void make(
      byte[] in,
      int start,
      int stride,
      boolean across,
      boolean down,
      int width,
      int height,
      byte[] target) {
    if (across && down) {
      int lowest = rows.lowest();
      int needed = rows.end() - lowest;
      byte[] narrow = roomFor(width, needed);
      kernel.horizontal(in, start + lowest * stride, stride, needed, columns, narrow);
      kernel.vertical(narrow, -lowest * 3 * width, 3 * width, 3 * width, rows, target);
    } else if (across) {
      kernel.horizontal(in, start, stride, height, columns, target);
    } else if (down) {
      kernel.vertical(in, start, stride, 3 * width, rows, target);
    } else {
      for (int y = 0; y < height; y++) {
        System.arraycopy(in, start + y * stride, target, 3 * y * width, 3 * width);
      }
    }
  }

  private byte[] roomFor(int width, int height) {
    int length = 3 * width * height + Picture.SLACK;
    if (middle.length < length) {
      middle = new byte[length];
    }
    return middle;
  }
}
