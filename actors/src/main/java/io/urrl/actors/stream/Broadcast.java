package io.urrl.actors.stream;

import java.util.List;

/**
 * Sends tensors to all that follow, each once to every media driver that followers are at, however
 * many they are. The drivers have cursors of their own: one that takes nothing costs the others
 * nothing. Who missed something asks for it. For one thread.
 */
public interface Broadcast extends AutoCloseable {

  /** Where it can be followed, for good. */
  BroadcastAddress address();

  /**
   * Begins to send tensors, one after the other, to the followers that are there now. What is under
   * way is given up: who has not got all of it misses the rest.
   *
   * @param parts whose memory must not change before all {@link #isDone is done}, or others begin
   */
  void begin(List<Transfer.Part> parts);

  /**
   * Sends what the followers take now.
   *
   * @return whether anything went
   */
  boolean advance();

  /**
   * Whether all tensors have gone to all that are waited for; so from the beginning where nobody
   * follows. A media driver that takes nothing for two seconds is not waited for: its followers
   * miss the rest, and are taken along again as soon as they have caught up.
   */
  boolean isDone();

  /** Ends it and gives its memory back. */
  @Override
  void close();
}
