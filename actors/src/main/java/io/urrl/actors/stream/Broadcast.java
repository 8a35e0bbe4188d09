package io.urrl.actors.stream;

/**
 * Sends tensors to all that follow, each once to every media driver that followers are at, however
 * many they are. One tensor after the other, for one thread.
 *
 * <p>What {@link #offer} returns is how far all followers are that are waited for. A media driver
 * that takes nothing for half a second, or is half a second behind the first that has all, is not
 * waited for any more: its followers miss the rest of the tensor, and have the next one as soon as
 * they keep up again. Who missed something asks for it. Without followers all goes at once.
 *
 * <p>A tensor must not change before all of it has gone; the next offer after that begins another.
 */
public interface Broadcast extends ChunkWriter, AutoCloseable {

  /** Where it can be followed, for good. */
  BroadcastAddress address();

  /** Ends it and gives its memory back. */
  @Override
  void close();
}
