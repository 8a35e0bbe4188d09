package io.urrl.actors.stream;

import io.aeron.Aeron;

/**
 * A place where chunks come in. It outlives the data plane's connection to the media driver. The
 * receive thread polls it, the keeper's thread does all else.
 */
interface Inlet {

  /**
   * Goes on with opening what it needs.
   *
   * @param at the connection that is open now
   * @param now nanoseconds
   * @return nanoseconds after which to go on
   */
  long open(Aeron at, long now);

  /** Whether it has all back that it had before the connection was lost. */
  boolean isOpen(Aeron at);

  /** Closes what it opened, after the receive thread has left it. */
  void close();

  /** Hands over what has come in, at most so many fragments each way. On the receive thread. */
  int poll(int fragments);
}
