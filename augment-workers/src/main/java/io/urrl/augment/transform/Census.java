package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.ChannelTables;
import io.urrl.augment.kernel.GrayKernel;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.kernel.ToneKernel;

/**
 * What operations need to know of a whole picture, counted when first asked for and kept until
 * {@link #forget}. Belongs to one picture at a time; the caller passes the same one until then.
 */
final class Census {
  private final ChannelTables tables = new ChannelTables();
  private final ToneKernel tones;
  private final GrayKernel grays;
  private final int[] histogram = new int[ChannelTables.LENGTH];
  private final int[] low = new int[3];
  private final int[] high = new int[3];
  private int meanGray;
  private boolean counted;
  private boolean ranged;
  private boolean averaged;

  Census(KernelSet set) {
    tones = ToneKernel.of(set);
    grays = GrayKernel.of(set);
  }

  /** The picture changed, or is another one. */
  void forget() {
    counted = false;
    ranged = false;
    averaged = false;
  }

  /** Counts of the values of red, then green, then blue. */
  int[] histogram(Picture picture) {
    if (!counted) {
      tables.count(picture.data(), picture.length(), histogram);
      counted = true;
    }
    return histogram;
  }

  /** Lowest value of each channel. */
  int[] low(Picture picture) {
    range(picture);
    return low;
  }

  /** Highest value of each channel. */
  int[] high(Picture picture) {
    range(picture);
    return high;
  }

  private void range(Picture picture) {
    if (!ranged) {
      tones.range(picture.data(), picture.length(), low, high);
      ranged = true;
    }
  }

  /** Mean of PIL's gray, rounded half up. */
  int meanGray(Picture picture) {
    if (!averaged) {
      double sum = grays.sum(picture.data(), picture.length());
      meanGray = (int) (sum / ((long) picture.width() * picture.height()) + 0.5);
      averaged = true;
    }
    return meanGray;
  }
}
