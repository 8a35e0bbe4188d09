package io.urrl.parameters;

/** A state's memory changed where nothing may change it. */
public final class DamagedStateException extends RuntimeException {
  /**
   * @param message which part, and when
   */
  public DamagedStateException(String message) {
    super(message);
  }
}
