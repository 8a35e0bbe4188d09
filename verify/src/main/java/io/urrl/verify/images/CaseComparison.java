package io.urrl.verify.images;

import com.fasterxml.jackson.databind.JsonNode;
import io.urrl.actors.tensor.Npy;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Holds what cases gave against what they should give. */
final class CaseComparison {
  private static final String ARRAY_SUFFIX = ".npy";

  /**
   * Compares two files of the same kind.
   *
   * @param one the case, with the largest difference that it allows ({@code tolerance}) and the
   *     largest share of different values ({@code max_mismatch_fraction})
   * @return what is wrong, or nothing
   */
  static Optional<String> difference(JsonNode one, Path expected, Path found) throws IOException {
    double[] wanted = values(expected);
    double[] given = values(found);
    if (wanted.length != given.length || !sameSize(expected, wanted, given)) {
      return Optional.of("another size");
    }
    Arrays.setAll(wanted, i -> Math.abs(wanted[i] - given[i]));
    double worst = Arrays.stream(wanted).max().orElse(0);
    double share =
        Arrays.stream(wanted).filter(gap -> gap > 0).count() / (double) Math.max(1, wanted.length);
    if (!(worst <= one.path("tolerance").asDouble())) {
      return Optional.of("differs by " + worst);
    }
    return share <= one.path("max_mismatch_fraction").asDouble(1)
        ? Optional.empty()
        : Optional.of("differs in a share of " + share);
  }

  /** The first values of a picture are its width and height. */
  private static boolean sameSize(Path file, double[] wanted, double[] given) {
    return file.toString().endsWith(ARRAY_SUFFIX)
        || (wanted[0] == given[0] && wanted[1] == given[1]);
  }

  private static double[] values(Path file) throws IOException {
    return file.toString().endsWith(ARRAY_SUFFIX) ? Npy.read(file).toDoubles() : pixels(file);
  }

  /** Read by the JDK, which knows nothing of the decoder that is under test. */
  private static double[] pixels(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    int width = image.getWidth();
    double[] values = new double[2 + 3 * width * image.getHeight()];
    int at = 0;
    values[at++] = width;
    values[at++] = image.getHeight();
    for (int rgb : image.getRGB(0, 0, width, image.getHeight(), null, 0, width)) {
      values[at++] = rgb >> 16 & 0xFF;
      values[at++] = rgb >> 8 & 0xFF;
      values[at++] = rgb & 0xFF;
    }
    return values;
  }

  private CaseComparison() {}
}
