package io.urrl.parameters.checkpoint;

import java.io.IOException;

/**
 * A checkpoint could not be written or read. The message is one line that names the path and says
 * what to do.
 */
public final class CheckpointException extends IOException {
  /** One line for the user. */
  public CheckpointException(String message) {
    super(message);
  }

  /** One line for the user, and what led to it. */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
