package io.urrl.augment.transform;

import io.urrl.actors.random.Philox;
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

  /** Applies the operation; MoCo's own draw what else they need. */
  void apply(Operations operations, Picture picture, double parameter, Philox random) {
    switch (this) {
      case AUTOCONTRAST -> operations.autocontrast(picture);
      case EQUALIZE -> operations.equalize(picture);
      case POSTERIZE -> operations.posterize(picture, (int) parameter);
      case ROTATE -> operations.rotate(picture, parameter);
      case SOLARIZE -> operations.solarize(picture, (int) parameter);
      case SHEAR_X -> operations.shearX(picture, parameter);
      case SHEAR_Y -> operations.shearY(picture, parameter);
      case TRANSLATE_X -> operations.translateX(picture, parameter);
      case TRANSLATE_Y -> operations.translateY(picture, parameter);
      case COLOR -> operations.colour(picture, parameter);
      case CONTRAST -> operations.contrast(picture, parameter);
      case BRIGHTNESS -> operations.brightness(picture, parameter);
      case SHARPNESS -> operations.sharpness(picture, parameter);
      case JITTER -> MocoOperations.jitter(operations, picture, random);
      case GRAYSCALE -> operations.grayscale(picture);
      case BLUR -> MocoOperations.blur(operations, picture, random);
    }
  }
}
