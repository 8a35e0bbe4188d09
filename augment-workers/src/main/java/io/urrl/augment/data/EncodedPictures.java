package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;

/** A set that holds its pictures as encoded files, so that they can be packed as they are. */
public interface EncodedPictures extends PictureSet {

  /**
   * Reads a picture's file.
   *
   * @return its bytes, at least one
   * @throws BrokenPictureException when it is empty, or damaged in a way that shows undecoded
   * @throws DataException when the disk does not give it
   */
  byte[] encoded(int sample) throws BrokenPictureException;

  /** A picture's path within the set, with {@code /} between its parts: {@code train/cat/7.jpg}. */
  String path(int sample);
}
