package io.urrl.gpu.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.urrl.gpu.loss.InfoNce;
import io.urrl.gpu.nn.TensorRuntime;
import java.util.Arrays;

/**
 * Weighted vote of the k nearest training features by cosine similarity, each with weight
 * exp(similarity / temperature) (Wu et al., "Unsupervised feature learning via non-parametric
 * instance discrimination", 2018).
 */
public final class NearestNeighbours {
  private static final int BLOCK = 256;

  /** Numbers in a tensor of training features: 1 GiB. */
  private static final int BANK = 1 << 28;

  /** Fractions of the test samples whose label is among the first 1 and 5 by votes. */
  public static double[] accuracies(
      TensorRuntime runtime,
      FeatureSet train,
      FeatureSet test,
      int classes,
      int neighbours,
      double temperature) {
    int rows = Math.max(1, BANK / train.width());
    return accuracies(runtime, train, test, classes, neighbours, temperature, rows);
  }

  /** With at most {@code bankRows} training features in a tensor at a time. */
  static double[] accuracies(
      TensorRuntime runtime,
      FeatureSet train,
      FeatureSet test,
      int classes,
      int neighbours,
      double temperature,
      int bankRows) {
    int k = Math.min(neighbours, train.size());
    Nearest[] nearest = new Nearest[test.size()];
    Arrays.setAll(nearest, sample -> new Nearest(k));
    for (int from = 0; from < train.size(); from += bankRows) {
      int[] bank = range(from, Math.min(bankRows, train.size() - from));
      search(runtime, train, bank, test, nearest);
    }
    long first = 0;
    long five = 0;
    double[] votes = new double[classes];
    for (int sample = 0; sample < test.size(); sample++) {
      Arrays.fill(votes, 0);
      for (int i = 0; i < k; i++) {
        votes[train.label(nearest[sample].samples[i])] +=
            Math.exp(nearest[sample].similarities[i] / temperature);
      }
      double own = votes[test.label(sample)];
      long better = Arrays.stream(votes).filter(vote -> vote > own).count();
      first += better < 1 ? 1 : 0;
      five += better < 5 ? 1 : 0;
    }
    return new double[] {(double) first / test.size(), (double) five / test.size()};
  }

  /** Offers each test sample its nearest ones among some training samples. */
  private static void search(
      TensorRuntime runtime, FeatureSet train, int[] bank, FeatureSet test, Nearest[] nearest) {
    try (NDManager manager = runtime.newManager()) {
      NDArray columns = InfoNce.unit(train.features(manager, bank)).transpose();
      for (int from = 0; from < test.size(); from += BLOCK) {
        int[] part = range(from, Math.min(BLOCK, test.size() - from));
        int k = Math.min(nearest[from].samples.length, bank.length);
        try (NDManager scope = manager.newSubManager()) {
          NDArray queries = InfoNce.unit(test.features(scope, part));
          var top = queries.matMul(columns).topK(k, 1, true, true);
          float[] similarities = top.get(0).toFloatArray();
          long[] indices = top.get(1).toLongArray();
          for (int row = 0; row < part.length; row++) {
            nearest[part[row]].merge(similarities, indices, row * k, k, bank[0]);
          }
        }
      }
    }
  }

  /** The nearest training samples of one test sample so far, the nearest first. */
  private static final class Nearest {
    private float[] similarities;
    private int[] samples;
    private int count;

    Nearest(int k) {
      similarities = new float[k];
      samples = new int[k];
    }

    /** Takes {@code k} further ones that are in order; what was there first wins a tie. */
    void merge(float[] others, long[] indices, int from, int k, int firstSample) {
      float[] nextSimilarities = new float[similarities.length];
      int[] nextSamples = new int[samples.length];
      int own = 0;
      int other = 0;
      int total = Math.min(samples.length, count + k);
      for (int place = 0; place < total; place++) {
        boolean keep = other == k || (own < count && similarities[own] >= others[from + other]);
        if (keep) {
          nextSimilarities[place] = similarities[own];
          nextSamples[place] = samples[own++];
        } else {
          nextSimilarities[place] = others[from + other];
          nextSamples[place] = firstSample + (int) indices[from + other++];
        }
      }
      similarities = nextSimilarities;
      samples = nextSamples;
      count = total;
    }
  }

  private static int[] range(int first, int count) {
    int[] places = new int[count];
    Arrays.setAll(places, place -> first + place);
    return places;
  }

  private NearestNeighbours() {}
}
