package io.urrl.augment.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.image.Picture;
import org.junit.jupiter.api.Test;

class ShapesTest {

  @Test
  void aPictureIsAFunctionOfItsNumber() {
    Shapes one = new Shapes(7, Split.TRAIN, 2_400);
    Shapes two = new Shapes(7, Split.TRAIN, 2_400);
    Picture first = new Picture();
    Picture second = new Picture();
    one.read(5, second);
    one.read(17, first);
    two.read(17, second);
    assertArrayEquals(first.data(), second.data());
  }

  /**
   * A nearest-centroid classifier on mean colour, the best that colour alone offers, is at chance.
   */
  @Test
  void colourDoesNotTellTheClass() {
    Shapes set = new Shapes(7, Split.TRAIN, 2_400);
    int classes = set.classes();
    double[][] centroids = new double[classes][3];
    int train = 100 * classes;
    for (int sample = 0; sample < train; sample++) {
      double[] mean = mean(set, sample);
      for (int channel = 0; channel < 3; channel++) {
        centroids[set.label(sample)][channel] += mean[channel] / 100;
      }
    }
    int correct = 0;
    int tested = 50 * classes;
    for (int sample = train; sample < train + tested; sample++) {
      double[] mean = mean(set, sample);
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = distance(mean, centroids[c]) < distance(mean, centroids[best]) ? c : best;
      }
      correct += best == set.label(sample) ? 1 : 0;
    }
    double accuracy = (double) correct / tested;
    assertTrue(accuracy < 2.0 / classes, () -> "accuracy by colour " + accuracy);
  }

  @Test
  void theClassesAreBalanced() {
    Shapes set = new Shapes(7, Split.TEST, 1_200);
    int[] counts = new int[set.classes()];
    for (int sample = 0; sample < set.size(); sample++) {
      counts[set.label(sample)]++;
    }
    for (int count : counts) {
      assertEquals(set.size() / set.classes(), count);
    }
  }

  private static double[] mean(Shapes set, int sample) {
    Picture picture = new Picture();
    set.read(sample, picture);
    double[] mean = new double[3];
    for (int i = 0; i < picture.length(); i++) {
      mean[i % 3] += (picture.data()[i] & 0xFF) / (picture.length() / 3.0);
    }
    return mean;
  }

  private static double distance(double[] a, double[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      squares += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return squares;
  }
}
