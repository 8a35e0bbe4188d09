package io.urrl.parameters.checkpoint;

/** A checkpoint was not written, since a later term has begun and its writer's is over. */
public final class SupersededException extends RuntimeException {
  /**
   * @param message for people
   */
  public SupersededException(String message) {
    super(message);
  }
}
