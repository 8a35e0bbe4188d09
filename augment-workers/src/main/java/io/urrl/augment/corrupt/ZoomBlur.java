package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/** The mean of a picture and of its zoomed centres, summed in float in the order of the factors. */
public final class ZoomBlur implements Corruption {
  private static final int BANDS = 3;

  private final double[] factors;

  private ZoomBlur(double[] factors) {
    this.factors = factors;
  }

  /** Zooms by the given factors. */
  public static ZoomBlur by(double... factors) {
    return new ZoomBlur(factors.clone());
  }

  /**
   * Zooms by 1, 1 + step, 1 + 2 step, ... as NumPy's arange counts them: their number is the
   * quotient (stop − 1) / step rounded up, so that rounding decides whether the stop belongs.
   */
  public static ZoomBlur upTo(double stop, double step) {
    double[] factors = new double[(int) Math.ceil((stop - 1) / step)];
    // NumPy takes the difference of the first two values for the step.
    double difference = 1 + step - 1;
    for (int i = 0; i < factors.length; i++) {
      factors[i] = 1 + i * difference;
    }
    return new ZoomBlur(factors);
  }

  /** All zoom factors. */
  public double[] factors() {
    return factors.clone();
  }

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    apply(picture, scratch);
  }

  /** Corrupts; nothing is random. */
  public void apply(Picture picture, Scratch scratch) {
    int length = picture.length();
    byte[] data = picture.data();
    float[] plain = scratch.floats(0, length);
    float[] total = scratch.floats(1, length);
    for (int i = 0; i < length; i++) {
      plain[i] = (float) Levels.unit(data[i]);
      total[i] = 0;
    }
    for (double factor : factors) {
      addZoomed(plain, picture.height(), picture.width(), factor, total, scratch);
    }
    int count = factors.length + 1;
    for (int i = 0; i < length; i++) {
      data[i] = Levels.stored((plain[i] + total[i]) / count);
    }
  }

  private static void addZoomed(
      float[] plain, int height, int width, double factor, float[] total, Scratch scratch) {
    CentreZoom rows = scratch.rowZoom();
    CentreZoom columns = scratch.columnZoom();
    rows.prepare(height, factor);
    columns.prepare(width, factor);
    int row = BANDS * width;
    double[] upper = scratch.doubles(0, row);
    double[] lower = scratch.doubles(1, row);
    for (int y = 0; y < height; y++) {
      int above = rows.before(y) * row;
      int below = rows.behind(y) * row;
      double near = rows.near(y);
      double far = rows.far(y);
      for (int i = 0; i < row; i++) {
        upper[i] = plain[above + i] * near;
        lower[i] = plain[below + i] * far;
      }
      int to = y * row;
      for (int x = 0; x < width; x++) {
        int left = BANDS * columns.before(x);
        int right = BANDS * columns.behind(x);
        double nearX = columns.near(x);
        double farX = columns.far(x);
        for (int band = 0; band < BANDS; band++) {
          double sum = upper[left + band] * nearX + upper[right + band] * farX;
          sum = sum + lower[left + band] * nearX + lower[right + band] * farX;
          total[to++] += (float) sum;
        }
      }
    }
  }
}
