package io.urrl.augment.transform;

import io.urrl.augment.kernel.ChannelTables;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.kernel.ToneKernel;

/**
 * Point operations in a row that wait to be applied together. As long as each has a formula, they
 * are applied one behind the other, which is several times as fast as a lookup; an equalisation, or
 * a stretch without a float form, turns the whole run into one table. Operations that change
 * nothing are left out.
 */
final class ToneRun {
  private static final int MOST = 4;
  private static final int TOP = 255;

  private enum Tone {
    MASK,
    SOLARIZE,
    BLEND,
    STRETCH
  }

  private final ToneKernel kernel;
  private final Tone[] tones = new Tone[MOST];
  private final int[] numbers = new int[MOST];
  private final float[] factors = new float[MOST];
  private final float[][] scales = new float[MOST][3];
  private final float[][] offsets = new float[MOST][3];
  private final byte[] table = new byte[ChannelTables.LENGTH];
  private final int[] counts = new int[ChannelTables.ENTRIES];
  private int count;
  private boolean tabled;

  ToneRun(KernelSet set) {
    kernel = ToneKernel.of(set);
  }

  /** Forgets all operations. */
  void clear() {
    count = 0;
    tabled = false;
  }

  /** Whether nothing changes. */
  boolean isIdentity() {
    return count == 0 && !tabled;
  }

  /** Whether the run is a table, to which further operations add no time. */
  boolean isTable() {
    return tabled;
  }

  /** Keeps the highest bits. */
  void posterize(int bits) {
    if (bits < Byte.SIZE) {
      add(Tone.MASK, bits <= 0 ? 0 : (TOP << (Byte.SIZE - bits)) & TOP, 0);
    }
  }

  /** Inverts values from the threshold on. */
  void solarize(int threshold) {
    if (threshold <= TOP) {
      add(Tone.SOLARIZE, Math.max(0, threshold), 0);
    }
  }

  /** Blends with a constant. */
  void blend(int constant, float factor) {
    if (factor != 1f) {
      add(Tone.BLEND, constant, factor);
    }
  }

  /**
   * Stretches each channel to 0..255.
   *
   * @param low lowest values of the channels after this run
   * @param high highest values
   */
  void stretch(int[] low, int[] high) {
    boolean identity = true;
    boolean inFloat = !tabled;
    int step = room();
    for (int channel = 0; channel < 3; channel++) {
      identity &= Stretch.identity(low[channel], high[channel]);
      inFloat =
          inFloat
              && Stretch.inFloat(low[channel], high[channel], channel, scales[step], offsets[step]);
    }
    if (identity) {
      return;
    }
    if (inFloat && !tabled) {
      tones[step] = Tone.STRETCH;
      count = step + 1;
      return;
    }
    tabulate();
    for (int channel = 0; channel < 3; channel++) {
      stretchTable(channel, low[channel], high[channel]);
    }
  }

  private void stretchTable(int channel, int low, int high) {
    int start = ChannelTables.ENTRIES * channel;
    for (int i = start; i < start + ChannelTables.ENTRIES; i++) {
      table[i] = (byte) Stretch.apply(table[i] & TOP, low, high);
    }
  }

  /**
   * PIL's autocontrast, which needs the values that occur.
   *
   * @param histogram of the picture before this run
   */
  void autocontrast(int[] histogram) {
    tabulate();
    for (int channel = 0; channel < 3; channel++) {
      count(histogram, channel);
      int low = 0;
      while (low < TOP && counts[low] == 0) {
        low++;
      }
      int high = TOP;
      while (high > 0 && counts[high] == 0) {
        high--;
      }
      stretchTable(channel, low, high);
    }
  }

  /**
   * PIL's equalize, which makes each channel's distribution even.
   *
   * @param histogram of the picture before this run
   */
  void equalize(int[] histogram) {
    tabulate();
    for (int channel = 0; channel < 3; channel++) {
      count(histogram, channel);
      int used = 0;
      int sum = 0;
      int last = 0;
      for (int amount : counts) {
        if (amount > 0) {
          used++;
          sum += amount;
          last = amount;
        }
      }
      int step = used <= 1 ? 0 : (sum - last) / TOP;
      if (step > 0) {
        // From here on counts hold the new values.
        int reached = step / 2;
        for (int value = 0; value <= TOP; value++) {
          int amount = counts[value];
          counts[value] = Math.min(TOP, reached / step);
          reached += amount;
        }
        int start = ChannelTables.ENTRIES * channel;
        for (int i = start; i < start + ChannelTables.ENTRIES; i++) {
          table[i] = (byte) counts[table[i] & TOP];
        }
      }
    }
  }

  /** Histogram of a channel after this run, which is a table, into {@link #counts}. */
  private void count(int[] histogram, int channel) {
    java.util.Arrays.fill(counts, 0);
    int start = ChannelTables.ENTRIES * channel;
    for (int i = start; i < start + ChannelTables.ENTRIES; i++) {
      counts[table[i] & TOP] += histogram[i];
    }
  }

  /** Applies the run to bytes of interleaved pixels and clears it. */
  void apply(byte[] in, byte[] out, int length) {
    if (tabled) {
      ChannelTables.lookUp(in, out, length, table);
    }
    byte[] from = in;
    for (int step = 0; step < count; step++) {
      switch (tones[step]) {
        case MASK -> kernel.mask(from, out, length, numbers[step]);
        case SOLARIZE -> kernel.solarize(from, out, length, numbers[step]);
        case BLEND -> kernel.blend(from, out, length, numbers[step], factors[step]);
        case STRETCH -> kernel.stretch(from, out, length, scales[step], offsets[step]);
      }
      from = out;
    }
    clear();
  }

  private void add(Tone tone, int number, float factor) {
    int step = room();
    tones[step] = tone;
    numbers[step] = number;
    factors[step] = factor;
    count = step + 1;
    if (tabled) {
      compose(step);
      count = 0;
    }
  }

  /** Place of the next operation. */
  private int room() {
    if (count == MOST) {
      tabulate();
    }
    return count;
  }

  /** Turns the run into a table. */
  private void tabulate() {
    if (tabled) {
      return;
    }
    for (int i = 0; i < table.length; i++) {
      table[i] = (byte) i;
    }
    tabled = true;
    for (int step = 0; step < count; step++) {
      compose(step);
    }
    count = 0;
  }

  private void compose(int step) {
    for (int i = 0; i < table.length; i++) {
      table[i] = (byte) value(step, table[i] & TOP, i / ChannelTables.ENTRIES);
    }
  }

  private int value(int step, int value, int channel) {
    int number = numbers[step];
    return switch (tones[step]) {
      case MASK -> value & number;
      case SOLARIZE -> value < number ? value : TOP - value;
      case BLEND -> Math.clamp((int) (number + factors[step] * (value - number)), 0, TOP);
      case STRETCH ->
          Math.clamp((int) (value * scales[step][channel] + offsets[step][channel]), 0, TOP);
    };
  }
}
