package io.urrl.augment.image;

/** A picture cannot be decoded; the message says why. */
public final class BrokenPictureException extends Exception {
  private static final long serialVersionUID = 1;

  /** With a reason for people. */
  public BrokenPictureException(String reason) {
    super(reason);
  }

  /** With a reason for people and what led to it. */
  public BrokenPictureException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
