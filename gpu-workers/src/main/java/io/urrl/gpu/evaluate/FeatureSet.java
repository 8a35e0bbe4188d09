package io.urrl.gpu.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Features and labels of a data set, filled block by block. They lie outside of the heap, since
 * those of ImageNet take 10 GB.
 */
public final class FeatureSet {
  private final int width;

  /** float32 [rows, width], row by row. */
  private final MemorySegment features;

  private final int[] labels;

  /** The rows that belong to the set, in its order. */
  private final int[] rows;

  /**
   * @param size number of samples
   * @param width length of a feature vector
   * @throws IllegalStateException when there is not so much memory
   */
  public FeatureSet(int size, int width) {
    this(allocate(size, width), new int[size], IntStream.range(0, size).toArray(), width);
  }

  /** Over memory for {@code labels.length} rows. */
  FeatureSet(MemorySegment features, int[] labels, int[] rows, int width) {
    this.features = features;
    this.labels = labels;
    this.rows = rows;
    this.width = width;
  }

  /** Bytes of so many feature vectors. */
  static long bytes(long rows, int width) {
    return Math.multiplyExact(Math.multiplyExact(rows, width), Float.BYTES);
  }

  private static MemorySegment allocate(int size, int width) {
    long bytes = bytes(size, width);
    try {
      return Arena.ofAuto().allocate(bytes, 64);
    } catch (OutOfMemoryError e) {
      throw new IllegalStateException(
          "the features of %d pictures, %d numbers each, need %.1f GiB of memory, which this machine does not give; evaluate on fewer pictures"
              .formatted(size, width, bytes / (double) (1 << 30)),
          e);
    }
  }

  /** Puts the features and labels of consecutive samples in their place. */
  public void put(int first, float[] values, int[] itsLabels) {
    MemorySegment.copy(
        values, 0, features, ValueLayout.JAVA_FLOAT, bytes(rows[first], width), values.length);
    System.arraycopy(itsLabels, 0, labels, rows[first], itsLabels.length);
  }

  /** Number of samples. */
  public int size() {
    return rows.length;
  }

  /** Length of a feature vector. */
  public int width() {
    return width;
  }

  /** Label of a sample. */
  public int label(int sample) {
    return labels[rows[sample]];
  }

  /** Copies the features of some samples: float32 [n, width]. */
  float[] copy(int[] samples) {
    float[] values = new float[Math.multiplyExact(samples.length, width)];
    for (int place = 0; place < samples.length; place++) {
      MemorySegment.copy(
          features,
          ValueLayout.JAVA_FLOAT,
          bytes(rows[samples[place]], width),
          values,
          place * width,
          width);
    }
    return values;
  }

  /** Features of some samples: float32 [n, width]. */
  public NDArray features(NDManager manager, int[] samples) {
    return manager.create(copy(samples), new Shape(samples.length, width));
  }

  /** Labels of some samples: int64 [n]. */
  public NDArray labels(NDManager manager, int[] samples) {
    return manager.create(Arrays.stream(samples).mapToLong(this::label).toArray());
  }

  /**
   * The samples whose place modulo {@code parts} is {@code part}, or all others; over the same
   * memory.
   */
  public FeatureSet pick(int part, int parts, boolean others) {
    int[] picked =
        IntStream.range(0, size())
            .filter(sample -> sample % parts == part != others)
            .map(sample -> rows[sample])
            .toArray();
    return new FeatureSet(features, labels, picked, width);
  }
}
