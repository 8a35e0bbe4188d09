package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.kernel.LayoutKernel;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * All operations on a picture in place, with the scratch memory that they need. For one thread;
 * allocates only while its memory grows to the largest picture.
 */
public final class Operations {
  private final Canvas canvas;
  private final Resample resample;
  private final LayoutKernel layout;
  private final BoxBlur blur;
  private final AffineWarp warp;
  private final Picture scratch = new Picture();

  /** With the kernels that suit this processor. */
  public Operations() {
    this(KernelSet.chosen());
  }

  /** With the kernels of a set. */
  public Operations(KernelSet set) {
    canvas = new Canvas(set);
    resample = new Resample(set);
    layout = LayoutKernel.of(set);
    blur = new BoxBlur(set);
    warp = new AffineWarp(set);
  }

  /** PIL ImageOps.autocontrast without cutoff. */
  public void autocontrast(Picture picture) {
    canvas.over(picture);
    canvas.autocontrast();
    canvas.result();
  }

  /** PIL ImageOps.equalize. */
  public void equalize(Picture picture) {
    canvas.over(picture);
    canvas.equalize();
    canvas.result();
  }

  /** PIL ImageOps.posterize to 1..8 bits. */
  public void posterize(Picture picture, int bits) {
    canvas.over(picture);
    canvas.posterize(bits);
    canvas.result();
  }

  /** PIL ImageOps.solarize: values from the threshold on are inverted. */
  public void solarize(Picture picture, int threshold) {
    canvas.over(picture);
    canvas.solarize(threshold);
    canvas.result();
  }

  /** PIL Image.rotate, bilinear, counter-clockwise, black outside. */
  public void rotate(Picture picture, double degrees) {
    warp.rotate(picture, scratch, degrees);
  }

  /** AugMix's horizontal shear: affine (1, level, 0, 0, 1, 0). */
  public void shearX(Picture picture, double level) {
    warp.shiftRows(picture, scratch, level, 0);
  }

  /** AugMix's vertical shear: affine (1, 0, 0, level, 1, 0). */
  public void shearY(Picture picture, double level) {
    warp.shiftColumns(picture, scratch, level, 0);
  }

  /** AugMix's horizontal shift: affine (1, 0, pixels, 0, 1, 0). */
  public void translateX(Picture picture, double pixels) {
    warp.shiftRows(picture, scratch, 0, pixels);
  }

  /** AugMix's vertical shift: affine (1, 0, 0, 0, 1, pixels). */
  public void translateY(Picture picture, double pixels) {
    warp.shiftColumns(picture, scratch, 0, pixels);
  }

  /** PIL ImageEnhance.Color; torchvision's adjust_saturation. */
  public void colour(Picture picture, double factor) {
    canvas.over(picture);
    canvas.colour(factor);
    canvas.result();
  }

  /** PIL ImageEnhance.Contrast; torchvision's adjust_contrast. */
  public void contrast(Picture picture, double factor) {
    canvas.over(picture);
    canvas.contrast(factor);
    canvas.result();
  }

  /** PIL ImageEnhance.Brightness; torchvision's adjust_brightness. */
  public void brightness(Picture picture, double factor) {
    canvas.over(picture);
    canvas.brightness(factor);
    canvas.result();
  }

  /** PIL ImageEnhance.Sharpness. */
  public void sharpness(Picture picture, double factor) {
    canvas.over(picture);
    canvas.sharpness(factor);
    canvas.result();
  }

  /** torchvision's adjust_hue, −0.5..0.5 of a turn. */
  public void hue(Picture picture, double factor) {
    canvas.over(picture);
    canvas.hue(factor);
    canvas.result();
  }

  /** torchvision's to_grayscale with three channels. */
  public void grayscale(Picture picture) {
    canvas.over(picture);
    canvas.grayscale();
    canvas.result();
  }

  /** PIL ImageFilter.GaussianBlur with radius {@code sigma}. */
  public void gaussianBlur(Picture picture, double sigma) {
    blur.gaussian(picture, scratch, (float) sigma);
  }

  /** Mirrors left and right. */
  public void flip(Picture picture) {
    int width = picture.width();
    int height = picture.height();
    layout.flip(picture.data(), width, height, scratch.resize(width, height));
    picture.swap(scratch);
  }

  /** torchvision's resized_crop of a box within the picture, bilinear with antialiasing. */
  public void resizedCrop(
      Picture from, int top, int left, int height, int width, int outH, int outW, Picture into) {
    resizedCrop(from, top, left, height, width, outH, outW, false, into);
  }

  /**
   * torchvision's resized_crop of a box within the picture, bilinear with antialiasing.
   *
   * @param flip whether {@link #flip} follows; this way it costs nothing
   */
  public void resizedCrop(
      Picture from,
      int top,
      int left,
      int height,
      int width,
      int outH,
      int outW,
      boolean flip,
      Picture into) {
    resample.cropAndResize(from, top, left, height, width, into, outH, outW, flip);
  }

  /**
   * torchvision's bilinear resize of the shorter side to {@code shorter} (the longer cut off to a
   * whole number), then the central square of side {@code crop}; black where the picture is
   * smaller.
   */
  public void resizeCentreCrop(Picture from, int shorter, int crop, Picture into) {
    int width = from.width();
    int height = from.height();
    int outW = width <= height ? shorter : (int) ((double) shorter * width / height);
    int outH = width <= height ? (int) ((double) shorter * height / width) : shorter;
    int keptW = Math.min(outW, crop);
    int keptH = Math.min(outH, crop);
    int top = (int) Math.rint((outH - keptH) / 2.0);
    int left = (int) Math.rint((outW - keptW) / 2.0);
    if (keptW == crop && keptH == crop) {
      resample.resizeAndCrop(from, outH, outW, top, left, crop, crop, into);
      return;
    }
    resample.resizeAndCrop(from, outH, outW, top, left, keptH, keptW, scratch);
    byte[] data = into.resize(crop, crop);
    Arrays.fill(data, 0, into.length(), (byte) 0);
    int to = 3 * ((crop - keptH) / 2 * crop + (crop - keptW) / 2);
    for (int y = 0; y < keptH; y++) {
      System.arraycopy(scratch.data(), 3 * y * keptW, data, to + 3 * y * crop, 3 * keptW);
    }
  }

  /**
   * Writes a picture as planes.
   *
   * @param into takes uint8 [3, height, width]
   */
  public void planes(Picture picture, MemorySegment into) {
    layout.planes(picture.data(), picture.width() * picture.height(), into);
  }
}
