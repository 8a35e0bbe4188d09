package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;

/**
 * Encodes a picture as JPEG and decodes it.
 *
 * @param quality 1..100, on libjpeg's scale
 */
public record JpegCompression(int quality) implements Corruption {

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    apply(picture, scratch);
  }

  /** Corrupts; nothing is random. */
  public void apply(Picture picture, Scratch scratch) {
    byte[] stream = scratch.encoder().encode(picture, quality);
    try {
      scratch.decoder().decode(stream, stream.length, picture);
    } catch (BrokenPictureException e) {
      throw new IllegalStateException("a picture that was just encoded cannot be decoded", e);
    }
  }
}
