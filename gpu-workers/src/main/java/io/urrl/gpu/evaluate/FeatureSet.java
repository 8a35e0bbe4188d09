package io.urrl.gpu.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Features and labels of a data set, filled block by block. */
public final class FeatureSet {
  private final int width;
  private final float[] features;
  private final int[] labels;

  /**
   * @param size number of samples
   * @param width length of a feature vector
   */
  public FeatureSet(int size, int width) {
    this.width = width;
    features = new float[Math.multiplyExact(size, width)];
    labels = new int[size];
  }

  /** Puts the features and labels of consecutive samples in their place. */
  public void put(int first, float[] values, int[] itsLabels) {
    System.arraycopy(values, 0, features, first * width, values.length);
    System.arraycopy(itsLabels, 0, labels, first, itsLabels.length);
  }

  /** Number of samples. */
  public int size() {
    return labels.length;
  }

  /** Length of a feature vector. */
  public int width() {
    return width;
  }

  /** Label of a sample. */
  public int label(int sample) {
    return labels[sample];
  }

  /** Features of some samples: float32 [n, width]. */
  public NDArray features(NDManager manager, int[] samples) {
    float[] rows = new float[samples.length * width];
    for (int row = 0; row < samples.length; row++) {
      System.arraycopy(features, samples[row] * width, rows, row * width, width);
    }
    return manager.create(rows, new Shape(samples.length, width));
  }

  /** Labels of some samples: int64 [n]. */
  public NDArray labels(NDManager manager, int[] samples) {
    long[] rows = new long[samples.length];
    for (int row = 0; row < samples.length; row++) {
      rows[row] = labels[samples[row]];
    }
    return manager.create(rows);
  }

  /** The samples whose place modulo {@code parts} is {@code part}, or all others. */
  public FeatureSet pick(int part, int parts, boolean others) {
    int count = 0;
    for (int sample = 0; sample < size(); sample++) {
      count += sample % parts == part != others ? 1 : 0;
    }
    FeatureSet picked = new FeatureSet(count, width);
    int next = 0;
    for (int sample = 0; sample < size(); sample++) {
      if (sample % parts == part != others) {
        System.arraycopy(features, sample * width, picked.features, next * width, width);
        picked.labels[next++] = labels[sample];
      }
    }
    return picked;
  }
}
