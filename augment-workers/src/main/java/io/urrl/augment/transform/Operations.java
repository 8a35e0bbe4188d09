package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;

/**
 * All operations on a picture in place, with the scratch memory that they need. For one thread;
 * allocates only while its memory grows to the largest picture.
 */
public final class Operations {
  private final PointOperations points = new PointOperations();
  private final Resample resample = new Resample();
  private final BoxBlur blur = new BoxBlur();
  private final Picture scratch = new Picture();

  /** PIL ImageOps.autocontrast without cutoff. */
  public void autocontrast(Picture picture) {
    points.autocontrast(picture);
  }

  /** PIL ImageOps.equalize. */
  public void equalize(Picture picture) {
    points.equalize(picture);
  }

  /** PIL ImageOps.posterize to 1..8 bits. */
  public void posterize(Picture picture, int bits) {
    points.posterize(picture, bits);
  }

  /** PIL ImageOps.solarize: values from the threshold on are inverted. */
  public void solarize(Picture picture, int threshold) {
    points.solarize(picture, threshold);
  }

  /** PIL Image.rotate, bilinear, counter-clockwise, black outside. */
  public void rotate(Picture picture, double degrees) {
    AffineWarp.rotate(picture, scratch, degrees);
  }

  /** AugMix's horizontal shear: affine (1, level, 0, 0, 1, 0). */
  public void shearX(Picture picture, double level) {
    AffineWarp.apply(picture, scratch, 1, level, 0, 0, 1, 0);
  }

  /** AugMix's vertical shear: affine (1, 0, 0, level, 1, 0). */
  public void shearY(Picture picture, double level) {
    AffineWarp.apply(picture, scratch, 1, 0, 0, level, 1, 0);
  }

  /** AugMix's horizontal shift: affine (1, 0, pixels, 0, 1, 0). */
  public void translateX(Picture picture, double pixels) {
    AffineWarp.apply(picture, scratch, 1, 0, pixels, 0, 1, 0);
  }

  /** AugMix's vertical shift: affine (1, 0, 0, 0, 1, pixels). */
  public void translateY(Picture picture, double pixels) {
    AffineWarp.apply(picture, scratch, 1, 0, 0, 0, 1, pixels);
  }

  /** PIL ImageEnhance.Color; torchvision's adjust_saturation. */
  public void colour(Picture picture, double factor) {
    Blend.colour(picture, (float) factor);
  }

  /** PIL ImageEnhance.Contrast; torchvision's adjust_contrast. */
  public void contrast(Picture picture, double factor) {
    points.blendWith(picture, Blend.meanGray(picture), (float) factor);
  }

  /** PIL ImageEnhance.Brightness; torchvision's adjust_brightness. */
  public void brightness(Picture picture, double factor) {
    points.blendWith(picture, 0, (float) factor);
  }

  /** PIL ImageEnhance.Sharpness. */
  public void sharpness(Picture picture, double factor) {
    Sharpness.apply(picture, scratch, (float) factor);
  }

  /** torchvision's adjust_hue, −0.5..0.5 of a turn. */
  public void hue(Picture picture, double factor) {
    HueShift.apply(picture, factor);
  }

  /** torchvision's to_grayscale with three channels. */
  public void grayscale(Picture picture) {
    Blend.grayscale(picture);
  }

  /** PIL ImageFilter.GaussianBlur with radius {@code sigma}. */
  public void gaussianBlur(Picture picture, double sigma) {
    blur.gaussian(picture, (float) sigma);
  }

  /** Mirrors left and right. */
  public void flip(Picture picture) {
    byte[] data = picture.data();
    int width = picture.width();
    for (int y = 0; y < picture.height(); y++) {
      int left = 3 * y * width;
      int right = left + 3 * (width - 1);
      while (left < right) {
        for (int channel = 0; channel < 3; channel++) {
          byte kept = data[left + channel];
          data[left + channel] = data[right + channel];
          data[right + channel] = kept;
        }
        left += 3;
        right -= 3;
      }
    }
  }

  /** torchvision's resized_crop of a box within the picture, bilinear with antialiasing. */
  public void resizedCrop(
      Picture from, int top, int left, int height, int width, int outH, int outW, Picture into) {
    resample.cropAndResize(from, top, left, height, width, into, outH, outW);
  }

  /**
   * torchvision's resize of the shorter side to {@code shorter} (the longer cut off to a whole
   * number), then the central square of side {@code crop}; black where the picture is smaller.
   */
  public void resizeCentreCrop(Picture from, int shorter, int crop, Picture into) {
    int width = from.width();
    int height = from.height();
    int outW = width <= height ? shorter : (int) ((double) shorter * width / height);
    int outH = width <= height ? (int) ((double) shorter * height / width) : shorter;
    if (Math.min(width, height) == shorter) {
      outW = width;
      outH = height;
    }
    resample.cropAndResize(from, 0, 0, height, width, scratch, outH, outW);
    int top = (int) Math.rint((outH - crop) / 2.0);
    int left = (int) Math.rint((outW - crop) / 2.0);
    byte[] data = into.resize(crop, crop);
    for (int y = 0; y < crop; y++) {
      int sourceY = y + top;
      if (sourceY < 0 || sourceY >= outH || left < 0 || left + crop > outW) {
        java.util.Arrays.fill(data, 3 * y * crop, 3 * (y + 1) * crop, (byte) 0);
      } else {
        System.arraycopy(scratch.data(), 3 * (sourceY * outW + left), data, 3 * y * crop, 3 * crop);
      }
    }
  }
}
