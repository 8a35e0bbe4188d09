package io.urrl.augment.corrupted;

import io.urrl.augment.data.PictureSet;
import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gradients in two classes; one of them may be broken, and reading may fail from some call on.
 *
 * @param broken number of a picture that cannot be read, or −1
 * @param reads how often pictures were read
 * @param lastRead reading beyond this many times is an interruption
 */
record FewPictures(int size, int broken, AtomicInteger reads, int lastRead) implements PictureSet {

  /** Pictures that can all be read. */
  static FewPictures of(int size) {
    return new FewPictures(size, -1, new AtomicInteger(), Integer.MAX_VALUE);
  }

  @Override
  public int classes() {
    return 2;
  }

  @Override
  public int label(int sample) {
    return sample % 2;
  }

  @Override
  public String className(int label) {
    return label == 0 ? "cats" : "dogs";
  }

  @Override
  public String name(int sample) {
    return "somewhere/" + className(label(sample)) + "/picture" + sample + ".png";
  }

  @Override
  public void read(int sample, Picture into) throws BrokenPictureException {
    if (reads.incrementAndGet() > lastRead) {
      throw new IllegalStateException("interrupted");
    }
    if (sample == broken) {
      throw new BrokenPictureException("truncated");
    }
    byte[] data = into.resize(36, 32);
    for (int i = 0; i < into.length(); i++) {
      data[i] = (byte) (i * 7 / 36 + 40 * sample);
    }
  }

  @Override
  public long fingerprint() {
    return size;
  }
}
