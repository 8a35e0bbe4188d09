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

  /** Lets a moment pass for a sender whose receivers take nothing at present. */
  void pause();
}
