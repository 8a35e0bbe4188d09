package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;
import java.util.List;

/**
 * Operations of AugMix's chains (Hendrycks et al., 2020), and how a level becomes their parameter:
 * whole magnitudes are cut off, geometry takes either sign with equal probability.
 */
public enum AugMixOperation {
  AUTOCONTRAST,
  EQUALIZE,
  POSTERIZE,
  ROTATE,
  SOLARIZE,
  SHEAR_X,
  SHEAR_Y,
  TRANSLATE_X,
  TRANSLATE_Y,
  COLOR,
  CONTRAST,
  BRIGHTNESS,
  SHARPNESS,
  /** MoCo v2's colour jitter, as a link of a chain. */
  JITTER,
  /** MoCo v2's grayscale, as a link of a chain. */
  GRAYSCALE,
  /** MoCo v2's blur, as a link of a chain. */
  BLUR;

  /** The nine operations that do not overlap with the common corruptions. */
  public static final List<AugMixOperation> NINE =
      List.of(
          AUTOCONTRAST,
          EQUALIZE,
          POSTERIZE,
          ROTATE,
          SOLARIZE,
          SHEAR_X,
          SHEAR_Y,
          TRANSLATE_X,
          TRANSLATE_Y);

  /** Those and colour, contrast, brightness and sharpness. */
  public static final List<AugMixOperation> ALL =
      List.of(
          AUTOCONTRAST,
          EQUALIZE,
          POSTERIZE,
          ROTATE,
          SOLARIZE,
          SHEAR_X,
          SHEAR_Y,
          TRANSLATE_X,
          TRANSLATE_Y,
          COLOR,
          CONTRAST,
          BRIGHTNESS,
          SHARPNESS);

  /** The nine and MoCo v2's own. */
  public static final List<AugMixOperation> WITH_MOCO =
      List.of(
          AUTOCONTRAST,
          EQUALIZE,
          POSTERIZE,
          ROTATE,
          SOLARIZE,
          SHEAR_X,
          SHEAR_Y,
          TRANSLATE_X,
          TRANSLATE_Y,
          JITTER,
          GRAYSCALE,
          BLUR);

  private static final double MOST_DEGREES = 30;
  private static final double MOST_SHEAR = 0.3;
  private static final double MOST_BITS = 4;
  private static final double MOST_THRESHOLD = 256;
  private static final double MOST_ENHANCEMENT = 1.8;

  /**
   * The operation's parameter for a level.
   *
   * @param size side of the picture, for translations
   * @param negative sign of geometry
   */
  public double parameter(double level, int size, boolean negative) {
    int sign = negative ? -1 : 1;
    return switch (this) {
      case AUTOCONTRAST, EQUALIZE, JITTER, GRAYSCALE, BLUR -> 0;
      case POSTERIZE -> 4 - (int) (level * MOST_BITS / 10);
      case ROTATE -> sign * (int) (level * MOST_DEGREES / 10);
      case SOLARIZE -> 256 - (int) (level * MOST_THRESHOLD / 10);
      case SHEAR_X, SHEAR_Y -> sign * (level * MOST_SHEAR / 10);
      case TRANSLATE_X, TRANSLATE_Y -> sign * (int) (level * (size / 3.0) / 10);
      case COLOR, CONTRAST, BRIGHTNESS, SHARPNESS -> level * MOST_ENHANCEMENT / 10 + 0.1;
    };
  }

  /** Name for people. */
  String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Applies the operation.
   *
   * @param parameter its own, which for {@link #BLUR} is σ
   * @param jitter what {@link #JITTER} does
   */
  void apply(Operations operations, Canvas canvas, double parameter, JitterPlan jitter) {
    switch (this) {
      case AUTOCONTRAST -> canvas.autocontrast();
      case EQUALIZE -> canvas.equalize();
      case POSTERIZE -> canvas.posterize((int) parameter);
      case SOLARIZE -> canvas.solarize((int) parameter);
      case COLOR -> canvas.colour(parameter);
      case CONTRAST -> canvas.contrast(parameter);
      case BRIGHTNESS -> canvas.brightness(parameter);
      case SHARPNESS -> canvas.sharpness(parameter);
      case JITTER -> jitter.apply(canvas);
      case GRAYSCALE -> canvas.grayscale();
      case BLUR -> operations.gaussianBlur(canvas.changing(), parameter);
      case ROTATE, SHEAR_X, SHEAR_Y, TRANSLATE_X, TRANSLATE_Y -> {
        if (parameter != 0) {
          warp(operations, canvas.changing(), parameter);
        }
      }
    }
  }

  private void warp(Operations operations, Picture picture, double parameter) {
    switch (this) {
      case ROTATE -> operations.rotate(picture, parameter);
      case SHEAR_X -> operations.shearX(picture, parameter);
      case SHEAR_Y -> operations.shearY(picture, parameter);
      case TRANSLATE_X -> operations.translateX(picture, parameter);
      case TRANSLATE_Y -> operations.translateY(picture, parameter);
      default -> throw new AssertionError(this);
    }
  }
}
