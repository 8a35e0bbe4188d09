package io.urrl.augment.corrupt;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The common corruptions, in the order of the paper. */
public enum CorruptionKind {
  GAUSSIAN_NOISE(0),
  SHOT_NOISE(1),
  IMPULSE_NOISE(2),
  DEFOCUS_BLUR(3),
  GLASS_BLUR(4),
  MOTION_BLUR(5),
  ZOOM_BLUR(6),
  SNOW(7),
  FROST(8),
  FOG(9),
  BRIGHTNESS(10),
  CONTRAST(11),
  ELASTIC_TRANSFORM(12),
  PIXELATE(13),
  JPEG_COMPRESSION(14);

  /** The highest severity; the lowest is 1. */
  public static final int SEVERITIES = 5;

  private final int number;

  CorruptionKind(int number) {
    this.number = number;
  }

  /** What random streams know the corruption by, from 0. It never changes. */
  int number() {
    return number;
  }

  /** The name in the published data sets, such as {@code gaussian_noise}. */
  public String publishedName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The corruption of a published name.
   *
   * @throws IllegalArgumentException when there is none; the text lists all
   */
  public static CorruptionKind named(String name) {
    return Arrays.stream(values())
        .filter(kind -> kind.publishedName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "corruption " + name + " is unknown; known are " + names()));
  }

  /** All published names, separated by commas. */
  public static String names() {
    return Arrays.stream(values())
        .map(CorruptionKind::publishedName)
        .collect(Collectors.joining(", "));
  }
}
