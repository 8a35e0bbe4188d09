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

  /** Fractions of the test samples whose label is among the first 1 and 5 by votes. */
  public static double[] accuracies(
      TensorRuntime runtime,
      FeatureSet train,
      FeatureSet test,
      int classes,
      int neighbours,
      double temperature) {
    int k = Math.min(neighbours, train.size());
    long first = 0;
    long five = 0;
    try (NDManager manager = runtime.newManager()) {
      NDArray bank = InfoNce.unit(train.features(manager, range(0, train.size()))).transpose();
      for (int from = 0; from < test.size(); from += BLOCK) {
        int[] part = range(from, Math.min(BLOCK, test.size() - from));
        try (NDManager scope = manager.newSubManager()) {
          NDArray queries = InfoNce.unit(test.features(scope, part));
          var top = queries.matMul(bank).topK(k, 1, true, true);
          float[] similarities = top.get(0).toFloatArray();
          long[] indices = top.get(1).toLongArray();
          for (int row = 0; row < part.length; row++) {
            double[] votes = new double[classes];
            for (int i = row * k; i < (row + 1) * k; i++) {
              votes[train.label((int) indices[i])] += Math.exp(similarities[i] / temperature);
            }
            double own = votes[test.label(part[row])];
            long better = Arrays.stream(votes).filter(vote -> vote > own).count();
            first += better < 1 ? 1 : 0;
            five += better < 5 ? 1 : 0;
          }
        }
      }
    }
    return new double[] {(double) first / test.size(), (double) five / test.size()};
  }

  private static int[] range(int first, int count) {
    int[] places = new int[count];
    Arrays.setAll(places, place -> first + place);
    return places;
  }

  private NearestNeighbours() {}
}
