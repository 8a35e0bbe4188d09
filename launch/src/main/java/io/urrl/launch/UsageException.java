package io.urrl.launch;

/**
 * What was typed, or written into a settings file, cannot be meant: a value out of its range, an
 * unknown key, flags that contradict each other. The command ends with 2, as for a command line
 * that cannot be read.
 */
public final class UsageException extends UserException {
  private static final long serialVersionUID = 1;

  /** With a text for people. */
  public UsageException(String text) {
    super(text);
  }

  /** With a text for people and what led to it. */
  public UsageException(String text, Throwable cause) {
    super(text, cause);
  }
}
