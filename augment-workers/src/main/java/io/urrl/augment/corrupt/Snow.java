package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/**
 * Snow: zoomed and thresholded noise, blurred along the way the flakes fall, over a picture turned
 * towards white; the layer is added upright and upside down. The picture's part is in float.
 */
public final class Snow implements Corruption {
  private static final double LOWEST_DEGREES = -135;
  private static final double HIGHEST_DEGREES = -45;
  private static final int BANDS = 3;
  private static final float RED = 0.299f;
  private static final float GREEN = 0.587f;
  private static final float BLUE = 0.114f;

  private final Flakes flakes;
  private final LineBlur fall;
  private final double keep;

  /**
   * The noise that flakes are made of.
   *
   * @param mean of the noise, on the scale [0, 1]
   * @param deviation of the noise
   * @param zoom magnification of the noise
   * @param threshold below which there is no flake
   */
  public record Flakes(double mean, double deviation, double zoom, double threshold) {}

  /**
   * @param blurRadius of the blur along the fall, in pixels
   * @param blurSigma deviation of that blur, in pixels
   * @param keep share of the picture that keeps its colours
   */
  public Snow(Flakes flakes, double blurRadius, double blurSigma, double keep) {
    this.flakes = flakes;
    fall = new LineBlur(blurRadius, blurSigma);
    this.keep = keep;
  }

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    int count = picture.width() * picture.height();
    double angle = random.uniform(LOWEST_DEGREES, HIGHEST_DEGREES);
    double[] normals = scratch.doubles(0, count);
    Draws.normals(random, normals, count);
    apply(picture, normals, angle, scratch);
  }

  /**
   * Corrupts with given numbers.
   *
   * @param normals of mean 0 and deviation 1, one for each pixel
   * @param angle of the fall, in degrees
   */
  public void apply(Picture picture, double[] normals, double angle, Scratch scratch) {
    int width = picture.width();
    int height = picture.height();
    byte[] layer = layer(normals, height, width, scratch);
    fall.apply(layer, height, width, 1, angle, scratch);
    byte[] data = picture.data();
    float kept = (float) keep;
    float whitened = (float) (1 - keep);
    int pixels = width * height;
    for (int i = 0, at = 0; i < pixels; i++, at += BANDS) {
      double upright = Levels.unit(layer[i]);
      double turned = Levels.unit(layer[pixels - 1 - i]);
      float red = (data[at] & 0xFF) / 255f;
      float green = (data[at + 1] & 0xFF) / 255f;
      float blue = (data[at + 2] & 0xFF) / 255f;
      // OpenCV fuses these products and sums; rounding them apart would shift some values by one.
      float gray = Math.fma(blue, BLUE, Math.fma(green, GREEN, red * RED));
      float white = gray * 1.5f + 0.5f;
      data[at] = Levels.stored(kept * red + whitened * Math.max(red, white) + upright + turned);
      data[at + 1] =
          Levels.stored(kept * green + whitened * Math.max(green, white) + upright + turned);
      data[at + 2] =
          Levels.stored(kept * blue + whitened * Math.max(blue, white) + upright + turned);
    }
  }

  /** Flakes before they fall, one byte a pixel. */
  private byte[] layer(double[] normals, int height, int width, Scratch scratch) {
    double[] noise = scratch.doubles(1, height * width);
    for (int i = 0; i < height * width; i++) {
      noise[i] = flakes.mean + flakes.deviation * normals[i];
    }
    CentreZoom rows = scratch.rowZoom();
    CentreZoom columns = scratch.columnZoom();
    rows.prepare(height, flakes.zoom);
    columns.prepare(width, flakes.zoom);
    byte[] layer = scratch.bytes(0, height * width);
    int to = 0;
    for (int y = 0; y < height; y++) {
      int above = rows.before(y) * width;
      int below = rows.behind(y) * width;
      double near = rows.near(y);
      double far = rows.far(y);
      for (int x = 0; x < width; x++) {
        int left = columns.before(x);
        int right = columns.behind(x);
        double nearX = columns.near(x);
        double farX = columns.far(x);
        double value = noise[above + left] * near * nearX + noise[above + right] * near * farX;
        value = value + noise[below + left] * far * nearX + noise[below + right] * far * farX;
        layer[to++] = value < flakes.threshold ? 0 : Levels.stored(value);
      }
    }
    return layer;
  }
}
