package io.urrl.launch;

/**
 * Something that the person at the command line can mend. The message is one line that names the
 * place and the remedy; it is all that they are shown. The command ends with 1.
 */
public sealed class UserException extends RuntimeException permits UsageException {
  private static final long serialVersionUID = 1;

  /** With a text for people. */
  public UserException(String text) {
    super(text);
  }

  /** With a text for people and what led to it. */
  public UserException(String text, Throwable cause) {
    super(text, cause);
  }
}
