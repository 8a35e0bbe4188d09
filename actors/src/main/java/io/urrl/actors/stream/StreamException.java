package io.urrl.actors.stream;

/** The data plane cannot be opened, cannot bind a port, or is lost for good. */
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
