package io.urrl.augment.chain;

import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.image.Picture;
import io.urrl.augment.transform.Operations;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Operations without randomness, by name, with their parameters in order. */
public enum NamedOperation {
  AUTOCONTRAST(""),
  EQUALIZE(""),
  POSTERIZE("BITS"),
  SOLARIZE("THRESHOLD"),
  ROTATE("DEGREES"),
  SHEAR_X("LEVEL"),
  SHEAR_Y("LEVEL"),
  TRANSLATE_X("PIXELS"),
  TRANSLATE_Y("PIXELS"),
  COLOR("FACTOR"),
  CONTRAST("FACTOR"),
  BRIGHTNESS("FACTOR"),
  SHARPNESS("FACTOR"),
  HUE("TURN"),
  GRAYSCALE(""),
  GAUSSIAN_BLUR("SIGMA"),
  FLIP(""),
  RESIZE("HEIGHT:WIDTH"),
  RESIZED_CROP("TOP:LEFT:HEIGHT:WIDTH:SIDE"),
  RESIZE_CENTER_CROP("SHORTER:SIDE");

  /** Set before an operation's name where a corruption has the same. */
  private static final String PREFIX = "enhance_";

  private static final int LARGEST_SIDE = 1 << 14;

  private final String parameters;

  NamedOperation(String parameters) {
    this.parameters = parameters;
  }

  /** The name in a chain; one that a corruption has as well says which of the two it means. */
  public String chainName() {
    String name = name().toLowerCase(Locale.ROOT);
    return isCorruption(name) ? PREFIX + name : name;
  }

  /** The operation that shares its plain name with a corruption, if this is such a name. */
  static Optional<NamedOperation> alsoCorruption(String name) {
    return Arrays.stream(values())
        .filter(operation -> operation.chainName().equals(PREFIX + name))
        .findFirst();
  }

  private static boolean isCorruption(String name) {
    return Arrays.stream(CorruptionKind.values())
        .anyMatch(kind -> kind.publishedName().equals(name));
  }

  /** Name and parameters, such as {@code rotate:DEGREES}. */
  public String usage() {
    return parameters.isEmpty() ? chainName() : chainName() + ":" + parameters;
  }

  /** The operation of a name, or null. */
  static NamedOperation named(String name) {
    return Arrays.stream(values())
        .filter(operation -> operation.chainName().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** Names of the parameters, in order. */
  List<String> parameters() {
    return parameters.isEmpty() ? List.of() : List.of(parameters.split(":", -1));
  }

  /**
   * Applies the operation.
   *
   * @param with as many numbers as there are parameters, checked
   * @throws IllegalArgumentException when it does not fit the picture
   */
  void apply(Operations operations, Picture picture, double[] with) {
    switch (this) {
      case AUTOCONTRAST -> operations.autocontrast(picture);
      case EQUALIZE -> operations.equalize(picture);
      case POSTERIZE -> operations.posterize(picture, (int) with[0]);
      case SOLARIZE -> operations.solarize(picture, (int) with[0]);
      case ROTATE -> operations.rotate(picture, with[0]);
      case SHEAR_X -> operations.shearX(picture, with[0]);
      case SHEAR_Y -> operations.shearY(picture, with[0]);
      case TRANSLATE_X -> operations.translateX(picture, with[0]);
      case TRANSLATE_Y -> operations.translateY(picture, with[0]);
      case COLOR -> operations.colour(picture, with[0]);
      case CONTRAST -> operations.contrast(picture, with[0]);
      case BRIGHTNESS -> operations.brightness(picture, with[0]);
      case SHARPNESS -> operations.sharpness(picture, with[0]);
      case HUE -> operations.hue(picture, with[0]);
      case GRAYSCALE -> operations.grayscale(picture);
      case GAUSSIAN_BLUR -> operations.gaussianBlur(picture, with[0]);
      case FLIP -> operations.flip(picture);
      case RESIZE -> resize(operations, picture, with);
      case RESIZED_CROP -> resizedCrop(operations, picture, with);
      case RESIZE_CENTER_CROP -> resizeCentreCrop(operations, picture, with);
    }
  }

  /**
   * Refuses numbers that the operation is not defined for.
   *
   * @throws IllegalArgumentException with a text for people
   */
  void check(double[] with) {
    for (int i = 0; i < with.length; i++) {
      String parameter = parameters().get(i);
      switch (parameter) {
        case "BITS" -> require(parameter, with[i], 1, 8, true);
        case "THRESHOLD" -> require(parameter, with[i], 0, 256, true);
        case "TURN" -> require(parameter, with[i], -0.5, 0.5, false);
        case "SIGMA" -> require(parameter, with[i], 0, 1000, false);
        case "TOP", "LEFT" -> require(parameter, with[i], 0, Integer.MAX_VALUE, true);
        case "HEIGHT", "WIDTH", "SIDE", "SHORTER" ->
            require(parameter, with[i], 1, LARGEST_SIDE, true);
        default -> require(parameter, with[i], -1e6, 1e6, false);
      }
    }
  }

  private void require(String parameter, double value, double low, double high, boolean whole) {
    if (!(value >= low && value <= high) || (whole && value != Math.rint(value))) {
      throw new IllegalArgumentException(
          "%s of %s must be %s from %.6g to %.6g"
              .formatted(parameter, chainName(), whole ? "a whole number" : "a number", low, high));
    }
  }

  private static void resize(Operations operations, Picture picture, double[] with) {
    Picture source = taken(picture);
    operations.resizedCrop(
        source, 0, 0, source.height(), source.width(), (int) with[0], (int) with[1], picture);
  }

  private static void resizedCrop(Operations operations, Picture picture, double[] with) {
    int top = (int) with[0];
    int left = (int) with[1];
    int height = (int) with[2];
    int width = (int) with[3];
    if (top > picture.height() - height || left > picture.width() - width) {
      throw new IllegalArgumentException(
          "the box of resized_crop does not lie within the picture of %d x %d pixels"
              .formatted(picture.width(), picture.height()));
    }
    Picture source = taken(picture);
    operations.resizedCrop(source, top, left, height, width, (int) with[4], (int) with[4], picture);
  }

  private static void resizeCentreCrop(Operations operations, Picture picture, double[] with) {
    Picture source = taken(picture);
    operations.resizeCentreCrop(source, (int) with[0], (int) with[1], picture);
  }

  private static Picture taken(Picture picture) {
    Picture source = new Picture();
    source.swap(picture);
    return source;
  }
}
