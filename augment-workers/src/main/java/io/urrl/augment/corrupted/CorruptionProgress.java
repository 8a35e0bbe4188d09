package io.urrl.augment.corrupted;

/** Hears how a job goes. For any thread. */
public interface CorruptionProgress {

  /**
   * A picture is done.
   *
   * @param written corrupted pictures that were written
   * @param kept corrupted pictures that were there already
   */
  void done(int written, int kept);

  /** A picture could not be read and is left out. */
  void broken(String name, String reason);
}
