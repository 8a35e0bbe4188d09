package io.urrl.augment.data;

/** A data set cannot be used; the message names the place and the remedy. */
public class DataException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a text for people, in which {@link FileNames} may occur. */
  public DataException(String text) {
    super(FileNames.shown(text));
  }

  /** With a text for people and what led to it. */
  public DataException(String text, Throwable cause) {
    super(FileNames.shown(text), cause);
  }
}
