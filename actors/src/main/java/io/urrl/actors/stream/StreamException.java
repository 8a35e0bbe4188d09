package io.urrl.actors.stream;

/** A stream cannot deliver: its receiver is gone, does not read, or the media driver has ended. */
public class StreamException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a text for people. */
  public StreamException(String text) {
    super(text);
  }

  /** With a text for people and what led to it. */
  public StreamException(String text, Throwable cause) {
    super(text, cause);
  }
}
