package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import java.util.List;

/** Pictures, numbered from 0, mostly with labels. Safe for any thread. */
public interface PictureSet {

  /** Number of pictures. */
  int size();

  /** Number of classes; 0: the pictures have none. */
  int classes();

  /** Class of a picture, from 0; −1: it has none. */
  int label(int sample);

  /** Name of a class. */
  String className(int label);

  /** Name of a picture, as {@link FileNames} has it. */
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

  /** What lies with the pictures and is none of them, for people: a line for each kind. */
  default List<String> notices() {
    return List.of();
  }

  /** A number that changes when the names, sizes or classes of the pictures do. */
  long fingerprint();
}
