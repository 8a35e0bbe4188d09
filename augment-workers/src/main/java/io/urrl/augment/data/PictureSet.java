package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;

/** Labelled pictures, numbered from 0. Safe for any thread. */
public interface PictureSet {

  /** Number of pictures. */
  int size();

  /** Number of classes. */
  int classes();

  /** Class of a picture, from 0. */
  int label(int sample);

  /** Name of a class. */
  String className(int label);

  /** Name of a picture, for people. */
  String name(int sample);

  /**
   * Reads a picture.
   *
   * @throws BrokenPictureException when its content cannot be decoded
   * @throws DataException when the disk does not give its content
   */
  void read(int sample, Picture into) throws BrokenPictureException;

  /**
   * Says that a picture will be read soon, so that the disk may be at work on it meanwhile. Never
   * waits.
   */
  default void willRead(int sample) {
    // Most sets have nothing to do ahead.
  }

  /** A number that changes when the names, sizes or classes of the pictures do. */
  long fingerprint();
}
