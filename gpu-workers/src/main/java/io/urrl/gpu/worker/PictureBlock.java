package io.urrl.gpu.worker;

import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.TensorAssembly;
import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/**
 * Room for a block of evaluation pictures: uint8 [n, 3, size, size] and their labels. While
 * pictures arrive the receive thread owns it, afterwards the worker.
 */
final class PictureBlock {
  private final int index;
  private final int first;
  private final MemorySegment pictures;
  private final MemorySegment labels;
  private final TensorAssembly[] places;
  private final TensorDigest scratch = new TensorDigest();
  private int missing;

  /**
   * @param index number of the block within its pass
   * @param first sample of the first place
   * @param count pictures
   */
  PictureBlock(int index, int first, int count, int imageSize) {
    this.index = index;
    this.first = first;
    long pictureBytes = 3L * imageSize * imageSize;
    pictures = Arena.ofAuto().allocate(count * pictureBytes, 64);
    labels = Arena.ofAuto().allocate((long) count * Integer.BYTES, 64);
    places = new TensorAssembly[count];
    for (int place = 0; place < count; place++) {
      places[place] =
          TensorAssembly.filling(
              pictures.asSlice(place * pictureBytes, pictureBytes),
              labels.asSlice((long) place * Integer.BYTES, Integer.BYTES));
    }
    missing = count;
  }

  int index() {
    return index;
  }

  int first() {
    return first;
  }

  int count() {
    return places.length;
  }

  MemorySegment pictures() {
    return pictures;
  }

  int[] labels() {
    return labels.toArray(ValueLayout.JAVA_INT);
  }

  boolean complete() {
    return missing == 0;
  }

  boolean lacks(int place) {
    return !places[place].isComplete();
  }

  /** Places whose pictures are not what they were when they were made. */
  int[] damaged() {
    return IntStream.range(0, places.length)
        .filter(place -> !places[place].isIntactNow(scratch))
        .toArray();
  }

  /** Empties a place, for its picture to come again. */
  void forget(int place) {
    places[place].begin();
    missing++;
  }

  /**
   * Takes the next bytes of a picture.
   *
   * @return whether the bytes were wanted
   */
  boolean accept(ChunkHeader header, MemorySegment bytes) {
    int place = header.views().place();
    if (place < 0 || place >= places.length || !places[place].accept(header, bytes)) {
      return false;
    }
    if (places[place].isComplete()) {
      missing--;
    }
    return true;
  }
}
