package io.urrl.augment.data;

import java.io.Serial;

/** A host does not see the data that it is asked for: a fault of the host and not of the data. */
public final class RefusedDataException extends DataException {
  @Serial private static final long serialVersionUID = 1;

  /** With a text for people. */
  public RefusedDataException(String text) {
    super(text);
  }

  /** With a text for people and what led to it. */
  public RefusedDataException(String text, Throwable cause) {
    super(text, cause);
  }
}
