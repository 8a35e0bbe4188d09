package io.urrl.augment.data;

import io.urrl.actors.tensor.Npy;
import io.urrl.actors.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Pairs of views that were made before: {@code views_q.npy} and {@code views_k.npy}, uint8 arrays
 * whose last three axes are channel, row and column. They stand in for views made on the way when a
 * recorded run is repeated.
 */
public final class RecordedViews {
  /** How a data set's name says that it is one of these. */
  public static final String PREFIX = "recorded:";

  private final Tensor query;
  private final Tensor key;
  private final long bytes;

  private RecordedViews(Tensor query, Tensor key) {
    this.query = query;
    this.key = key;
    int axes = query.shape().size();
    bytes =
        query.shape().subList(axes - 3, axes).stream()
            .mapToLong(Long::longValue)
            .reduce(1, Math::multiplyExact);
  }

  /**
   * Opens the views that a data set's name tells.
   *
   * @throws DataException when they cannot be read
   */
  public static RecordedViews open(String source) {
    Path folder = FileNames.path(source.substring(PREFIX.length()));
    try {
      return new RecordedViews(
          Npy.read(folder.resolve("views_q.npy")), Npy.read(folder.resolve("views_k.npy")));
    } catch (IOException e) {
      throw new DataException(e.getMessage(), e);
    }
  }

  /** Number of pairs. */
  public int size() {
    return Math.toIntExact(query.data().byteSize() / bytes);
  }

  /** Copies a pair. */
  public void copy(int sample, MemorySegment queryView, MemorySegment keyView) {
    MemorySegment.copy(query.data(), sample * bytes, queryView, 0, bytes);
    MemorySegment.copy(key.data(), sample * bytes, keyView, 0, bytes);
  }
}
