package io.urrl.gpu.worker;

import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/**
 * Room for a block of evaluation pictures: uint8 [n, 3, size, size] and their labels. While
 * pictures arrive the receive thread owns it, afterwards the worker.
 */
final class PictureBlock {
  private final int index;
  private final int first;
  private final long pictureBytes;
  private final MemorySegment pictures;
  private final int[] labels;
  private final long[] received;
  private final long[] digests;
  private int missing;

  /**
   * @param index number of the block within its pass
   * @param first sample of the first place
   * @param count pictures
   */
  PictureBlock(int index, int first, int count, int imageSize) {
    this.index = index;
    this.first = first;
    pictureBytes = 3L * imageSize * imageSize;
    pictures = Arena.ofAuto().allocate(count * pictureBytes, 64);
    labels = new int[count];
    received = new long[count];
    digests = new long[count];
    missing = count;
  }

  int index() {
    return index;
  }

  int first() {
    return first;
  }

  int count() {
    return labels.length;
  }

  MemorySegment pictures() {
    return pictures;
  }

  int[] labels() {
    return labels;
  }

  boolean complete() {
    return missing == 0;
  }

  boolean lacks(int place) {
    return received[place] < pictureBytes;
  }

  /** Places whose pictures are not what they were when they were made. */
  int[] damaged() {
    return IntStream.range(0, labels.length)
        .filter(
            place ->
                TensorDigest.of(pictures.asSlice(place * pictureBytes, pictureBytes))
                    != digests[place])
        .toArray();
  }

  /** Empties a place, for its picture to come again. */
  void forget(int place) {
    received[place] = 0;
    missing++;
  }

  /**
   * Takes the next bytes of a picture.
   *
   * @param digest of the whole picture
   * @return whether the bytes were wanted
   */
  boolean accept(int place, int label, long digest, long offset, MemorySegment bytes) {
    boolean wanted =
        place >= 0
            && place < labels.length
            && offset == received[place]
            && offset + bytes.byteSize() <= pictureBytes;
    if (wanted) {
      MemorySegment.copy(bytes, 0, pictures, place * pictureBytes + offset, bytes.byteSize());
      labels[place] = label;
      digests[place] = digest;
      received[place] += bytes.byteSize();
      if (received[place] == pictureBytes) {
        missing--;
      }
    }
    return wanted;
  }
}
