package io.urrl.augment.transform;

import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.GrayKernel;
import io.urrl.augment.kernel.HueKernel;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.kernel.SharpnessKernel;

/**
 * A picture under a chain of operations. Point operations wait in a {@link ToneRun} until the
 * pixels are needed. A base that several chains share is read where it lies: the first operation
 * that changes anything writes to the canvas's own memory, so a chain that changes nothing costs
 * nothing. For one thread.
 */
final class Canvas {
  private final GrayKernel grays;
  private final HueKernel hues;
  private final SharpnessKernel sharpness;
  private final ToneRun run;
  private final Census ownCensus;
  private final Picture own = new Picture();
  private final Picture scratch = new Picture();
  private Picture target = own;
  private Picture source = own;
  private Census census;

  Canvas(KernelSet set) {
    grays = GrayKernel.of(set);
    hues = HueKernel.of(set);
    sharpness = SharpnessKernel.of(set);
    run = new ToneRun(set);
    ownCensus = new Census(set);
    census = ownCensus;
  }

  /** Starts with a picture, which operations will change. */
  void over(Picture picture) {
    begin(picture, picture, ownCensus);
    ownCensus.forget();
  }

  /**
   * Starts with a picture that stays as it is.
   *
   * @param known what is known of it
   */
  void from(Picture base, Census known) {
    begin(base, own, known);
  }

  private void begin(Picture from, Picture to, Census known) {
    source = from;
    target = to;
    census = known;
    run.clear();
  }

  /** PIL ImageOps.autocontrast without cutoff. */
  void autocontrast() {
    if (run.isTable()) {
      run.autocontrast(census.histogram(source));
    } else {
      apply();
      run.stretch(census.low(source), census.high(source));
    }
  }

  /** PIL ImageOps.equalize. */
  void equalize() {
    run.equalize(census.histogram(source));
  }

  /** PIL ImageOps.posterize. */
  void posterize(int bits) {
    run.posterize(bits);
  }

  /** PIL ImageOps.solarize. */
  void solarize(int threshold) {
    run.solarize(threshold);
  }

  /** PIL ImageEnhance.Brightness. */
  void brightness(double factor) {
    run.blend(0, (float) factor);
  }

  /** PIL ImageEnhance.Contrast. */
  void contrast(double factor) {
    if ((float) factor != 1f) {
      apply();
      run.blend(census.meanGray(source), (float) factor);
    }
  }

  /** PIL ImageEnhance.Color. */
  void colour(double factor) {
    if ((float) factor != 1f) {
      apply();
      grays.colour(source.data(), room(target), source.length(), (float) factor);
      changed();
    }
  }

  /** torchvision's adjust_hue, −0.5..0.5 of a turn. */
  void hue(double factor) {
    apply();
    hues.shift(source.data(), room(target), source.length(), (int) (factor * 255) & 0xFF);
    changed();
  }

  /** torchvision's to_grayscale with three channels. */
  void grayscale() {
    apply();
    grays.grayscale(source.data(), room(target), source.length());
    changed();
  }

  /** PIL ImageEnhance.Sharpness. */
  void sharpness(double factor) {
    if ((float) factor != 1f) {
      apply();
      int width = source.width();
      int height = source.height();
      sharpness.sharpen(source.data(), room(scratch), width, height, (float) factor);
      target.swap(scratch);
      changed();
    }
  }

  /** The picture as it is now, for operations that change it in place. */
  Picture changing() {
    apply();
    if (source != target) {
      target.copyFrom(source);
    }
    changed();
    return target;
  }

  /** The picture as it is now, to be read. */
  Picture result() {
    apply();
    return source;
  }

  /** Applies the point operations that wait. */
  private void apply() {
    if (!run.isIdentity()) {
      run.apply(source.data(), room(target), source.length());
      changed();
    }
  }

  private byte[] room(Picture picture) {
    return picture.resize(source.width(), source.height());
  }

  private void changed() {
    source = target;
    census = ownCensus;
    ownCensus.forget();
  }
}
