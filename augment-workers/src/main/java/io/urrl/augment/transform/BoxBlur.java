package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.BlurKernel;
import io.urrl.augment.kernel.KernelSet;

/**
 * PIL's Gaussian blur: three extended box passes along rows, then three along columns, each with
 * fractional edges in fixed point of 24 bits (Gwosdek et al., "Theoretical foundations of Gaussian
 * convolution by extended box filtering", 2011).
 */
final class BoxBlur {
  private static final int PASSES = 3;
  private static final int ONE = 1 << 24;

  private final BlurKernel kernel;

  BoxBlur(KernelSet set) {
    kernel = BlurKernel.of(set);
  }

  /** Blurs with standard deviation {@code sigma}; the content of {@code scratch} is lost. */
  void gaussian(Picture picture, Picture scratch, float sigma) {
    float radius = boxRadius(sigma);
    int whole = (int) radius;
    int weight = (int) (long) (ONE / (radius * 2 + 1));
    int edge = (ONE - (whole * 2 + 1) * weight) / 2;
    int width = picture.width();
    int height = picture.height();
    kernel.rows(picture.data(), width, height, PASSES, whole, weight, edge);
    scratch.resize(width, height);
    for (int pass = 0; pass < PASSES; pass++) {
      kernel.columns(picture.data(), width, height, whole, weight, edge, scratch.data());
      picture.swap(scratch);
    }
  }

  /** Radius of the box whose three passes have the variance asked for, in PIL's float32. */
  static float boxRadius(float sigma) {
    float variance = sigma * sigma / PASSES;
    float ideal = (float) Math.sqrt(12.0 * variance + 1.0);
    float whole = (float) Math.floor((ideal - 1.0) / 2.0);
    float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
    part /= 6 * (variance - (whole + 1) * (whole + 1));
    return whole + part;
  }
}
