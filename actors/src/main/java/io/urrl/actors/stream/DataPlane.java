package io.urrl.actors.stream;

/**
 * The data plane of a node as its actors see it: where chunks go out and come in. Nothing here
 * waits for a peer, and nothing is promised: what was sent may be lost, and whoever misses it asks
 * again.
 */
public interface DataPlane {

  /** What went over the streams. */
  StreamCounters counters();

  /**
   * Receives from now on, until {@link #stop}; also after the data plane was opened again.
   *
   * @param handler takes the chunks, on the receive thread
   * @return where senders, on this node or another, send to
   * @throws StreamException when no port can be bound
   */
  StreamAddress receive(ChunkHandler handler);

  /** Receives no more at an address of this node. */
  void stop(StreamAddress address);

  /**
   * Runs a task on the receive thread, after all tasks that were given before, and before any chunk
   * that is sent after this call is handed over.
   */
  void execute(Runnable task);

  /** The connection to a receiver; the same one for every caller. */
  ChunkWriter writerTo(StreamAddress to);

  /**
   * Begins a broadcast, until it is closed.
   *
   * @throws StreamException when no port can be bound
   */
  Broadcast broadcast();

  /**
   * Follows a broadcast from some moment on, until {@link #unfollow}: what was sent before does not
   * come, and what this node does not take in time is missed. Chunks of one tensor may end anywhere
   * and go on with another's. A receive thread that stood still for a while in the middle of a
   * chunk may have copied what was overwritten meanwhile: the digest of the tensor tells.
   *
   * @param handler takes the chunks, on the receive thread
   */
  void follow(BroadcastAddress address, ChunkHandler handler);

  /** Follows no more with a handler. */
  void unfollow(BroadcastAddress address, ChunkHandler handler);

  /** Lets a moment pass for a sender whose receivers take nothing at present. */
  void pause();
}
