package io.urrl.augment.corrupt;

import io.urrl.augment.image.JpegEncoder;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;

/**
 * Working memory of one thread. It grows to what the largest picture needs and is then used again
 * and again. Arrays of one type differ by their slot; their content is undefined at first.
 */
public final class Scratch {
  private static final int SLOTS = 6;

  private final double[][] doubles = new double[SLOTS][0];
  private final float[][] floats = new float[SLOTS][0];
  private final int[][] ints = new int[SLOTS][0];
  private final byte[][] bytes = new byte[SLOTS][0];
  private final CentreZoom rowZoom = new CentreZoom();
  private final CentreZoom columnZoom = new CentreZoom();
  private final BoxResize boxes = new BoxResize();
  private final Picture picture = new Picture();
  private final JpegEncoder encoder = new JpegEncoder();
  private final PictureDecoder decoder = new PictureDecoder();

  double[] doubles(int slot, int length) {
    if (doubles[slot].length < length) {
      doubles[slot] = new double[length];
    }
    return doubles[slot];
  }

  float[] floats(int slot, int length) {
    if (floats[slot].length < length) {
      floats[slot] = new float[length];
    }
    return floats[slot];
  }

  int[] ints(int slot, int length) {
    if (ints[slot].length < length) {
      ints[slot] = new int[length];
    }
    return ints[slot];
  }

  byte[] bytes(int slot, int length) {
    if (bytes[slot].length < length) {
      bytes[slot] = new byte[length];
    }
    return bytes[slot];
  }

  CentreZoom rowZoom() {
    return rowZoom;
  }

  CentreZoom columnZoom() {
    return columnZoom;
  }

  BoxResize boxes() {
    return boxes;
  }

  Picture picture() {
    return picture;
  }

  JpegEncoder encoder() {
    return encoder;
  }

  PictureDecoder decoder() {
    return decoder;
  }
}
