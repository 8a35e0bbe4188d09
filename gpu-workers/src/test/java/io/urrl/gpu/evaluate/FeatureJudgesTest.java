package io.urrl.gpu.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.gpu.nn.TensorRuntime;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FeatureJudgesTest {
  private static final int CLASSES = 6;
  private static final int WIDTH = 8;

  private final TensorRuntime runtime = TensorRuntime.open(1);

  /** Gaussian clouds, one a class, about the points {@code far} along the axes. */
  private static FeatureSet clouds(int size, double far, long seed) {
    FeatureSet set = new FeatureSet(size, WIDTH);
    Random random = new Random(seed);
    for (int sample = 0; sample < size; sample++) {
      int label = sample % CLASSES;
      float[] values = new float[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        values[i] = (float) (random.nextGaussian() + (i == label ? far : 0));
      }
      set.put(sample, values, new int[] {label});
    }
    return set;
  }

  private double[] probed(FeatureSet train, FeatureSet test) {
    try (LinearProbe probe = LinearProbe.fromZero(runtime, CLASSES, WIDTH)) {
      AtomicInteger epochs = new AtomicInteger();
      probe.fit(train, 20, 0.3, 64, 5, epochs::incrementAndGet);
      assertEquals(20, epochs.get());
      return new double[] {probe.accuracy(test, 1), probe.accuracy(test, 5)};
    }
  }

  private double[] voted(FeatureSet train, FeatureSet test, int neighbours) {
    return NearestNeighbours.accuracies(runtime, train, test, CLASSES, neighbours, 0.07);
  }

  @Test
  void cloudsFarApartAreToldApart() {
    FeatureSet train = clouds(600, 8, 1);
    FeatureSet test = clouds(300, 8, 2);
    assertTrue(probed(train, test)[0] > 0.99);
    assertTrue(voted(train, test, 20)[0] > 0.99);
  }

  @Test
  void noiseIsNotToldApart() {
    FeatureSet train = clouds(600, 0, 1);
    FeatureSet test = clouds(600, 0, 2);
    for (double[] accuracies : new double[][] {probed(train, test), voted(train, test, 20)}) {
      assertEquals(1.0 / CLASSES, accuracies[0], 0.07);
      assertEquals(5.0 / CLASSES, accuracies[1], 0.07);
    }
  }

  @Test
  void aProbeRepeatsBitForBit() {
    FeatureSet train = clouds(600, 2, 1);
    float[][] weights = new float[2][];
    for (int time = 0; time < 2; time++) {
      try (LinearProbe probe = LinearProbe.fromZero(runtime, CLASSES, WIDTH)) {
        probe.fit(train, 5, 0.3, 64, 5, () -> {});
        weights[time] = probe.weight().toFloatArray();
      }
    }
    assertArrayEquals(weights[0], weights[1]);
  }

  @Test
  void votesAreThoseOfAnExhaustiveSearch() {
    FeatureSet train = clouds(500, 1, 1);
    FeatureSet test = clouds(300, 1, 2);
    for (int neighbours : new int[] {1, 20, 200}) {
      double[] counted = counted(train, test, neighbours);
      assertArrayEquals(counted, voted(train, test, neighbours), 1e-9);
    }
    assertArrayEquals(voted(train, test, 500), voted(train, test, 10_000));
  }

  private double[] counted(FeatureSet train, FeatureSet test, int neighbours) {
    double[][] bank = unit(train);
    double[][] queries = unit(test);
    int first = 0;
    int five = 0;
    for (int query = 0; query < queries.length; query++) {
      double[][] similar = new double[bank.length][];
      for (int i = 0; i < bank.length; i++) {
        double dot = 0;
        for (int j = 0; j < WIDTH; j++) {
          dot += bank[i][j] * queries[query][j];
        }
        similar[i] = new double[] {dot, train.label(i)};
      }
      java.util.Arrays.sort(similar, (a, b) -> Double.compare(b[0], a[0]));
      double[] votes = new double[CLASSES];
      for (int i = 0; i < neighbours; i++) {
        votes[(int) similar[i][1]] += Math.exp(similar[i][0] / 0.07);
      }
      int better = 0;
      for (double vote : votes) {
        better += vote > votes[test.label(query)] ? 1 : 0;
      }
      first += better < 1 ? 1 : 0;
      five += better < 5 ? 1 : 0;
    }
    return new double[] {(double) first / test.size(), (double) five / test.size()};
  }

  @Test
  void votesDoNotDependOnHowManyFeaturesAreInATensor() {
    FeatureSet train = clouds(500, 1, 1);
    FeatureSet test = clouds(300, 1, 2);
    for (int rows : new int[] {7, 64, 499, 500}) {
      assertArrayEquals(
          counted(train, test, 20),
          NearestNeighbours.accuracies(runtime, train, test, CLASSES, 20, 0.07, rows),
          1e-9);
    }
  }

  private double[][] unit(FeatureSet set) {
    double[][] rows = new double[set.size()][WIDTH];
    try (var manager = runtime.newManager()) {
      for (int row = 0; row < rows.length; row++) {
        float[] values = set.features(manager, new int[] {row}).toFloatArray();
        double squares = 0;
        for (float value : values) {
          squares += (double) value * value;
        }
        for (int i = 0; i < WIDTH; i++) {
          rows[row][i] = values[i] / Math.sqrt(squares);
        }
      }
    }
    return rows;
  }

  @Test
  void partsOfASetAreDisjointAndWhole() {
    FeatureSet set = clouds(25, 3, 1);
    FeatureSet part = set.pick(0, 10, false);
    FeatureSet rest = set.pick(0, 10, true);
    assertEquals(3, part.size());
    assertEquals(22, rest.size());
    assertEquals(set.label(20), part.label(2));
    assertEquals(set.label(1), rest.label(0));
  }
}
