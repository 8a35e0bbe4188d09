package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/**
 * A common corruption at one severity. Immutable; for any thread, each with a {@link Scratch} of
 * its own.
 *
 * <p>Values are computed on [0, 1] in double, unless a class says otherwise, clipped, multiplied by
 * 255 and cut off, in the published generator's order of evaluation.
 */
public sealed interface Corruption
    permits Brightness,
        Contrast,
        DefocusBlur,
        ElasticTransform,
        Fog,
        Frost,
        GaussianNoise,
        GlassBlur,
        ImpulseNoise,
        JpegCompression,
        MotionBlur,
        Pixelate,
        ShotNoise,
        Snow,
        ZoomBlur {

  /**
   * Corrupts a picture in place.
   *
   * @param random where the random numbers come from, if any are needed
   * @param scratch memory of the calling thread
   */
  void corrupt(Picture picture, Philox random, Scratch scratch);
}
