package io.urrl.actors.stream;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;

/**
 * The duty cycle of a node's receive thread: polls every inlet, checks each chunk and hands it to
 * its handler, and runs the tasks that other threads left for it.
 *
 * <p>A task that was left before a chunk was asked for runs before that chunk is handed over, also
 * when the chunk came in during the poll that is under way: whoever asks first says where the
 * answer goes.
 */
final class ReceiveAgent implements Agent {
  private static final int FRAGMENTS = 32;

  private final StreamCounters counters;
  private final ManyToOneConcurrentLinkedQueue<Runnable> tasks =
      new ManyToOneConcurrentLinkedQueue<>();

  /** Replaced as a whole, since a poll walks through it. */
  private volatile Inlet[] inlets = {};

  private final ChunkHeader header = new ChunkHeader();
  private final ChunkChecksum checksum = new ChunkChecksum();

  ReceiveAgent(StreamCounters counters) {
    this.counters = counters;
  }

  void execute(Runnable task) {
    tasks.add(task);
  }

  synchronized void add(Inlet inlet) {
    Inlet[] more = Arrays.copyOf(inlets, inlets.length + 1);
    more[inlets.length] = inlet;
    inlets = more;
  }

  synchronized void remove(Inlet inlet) {
    inlets = Arrays.stream(inlets).filter(other -> !other.equals(inlet)).toArray(Inlet[]::new);
  }

  /** Those at this time; not to be changed. */
  Inlet[] inlets() {
    return inlets;
  }

  @Override
  public int doWork() {
    int work = runTasks();
    Inlet[] polled = inlets;
    for (int i = 0; i < polled.length; i++) {
      work += polled[i].poll(FRAGMENTS);
    }
    return work;
  }

  private int runTasks() {
    int count = 0;
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
      count++;
    }
    return count;
  }

  /** Checks a fragment and hands it over as a chunk to all handlers. */
  void onFragment(ChunkHandler[] handlers, DirectBuffer buffer, int at, int length) {
    if (length < ChunkHeader.LENGTH) {
      counters.corrupt();
      return;
    }
    header.wrap(buffer, at);
    if (header.magic() != ChunkHeader.MAGIC || header.version() != ChunkHeader.VERSION) {
      counters.foreign();
      return;
    }
    int payload = header.length();
    boolean whole =
        payload == length - ChunkHeader.LENGTH
            && header.kind() != null
            && header.crc() == checksum.of(buffer, at, payload);
    if (!whole) {
      counters.corrupt();
      return;
    }
    counters.received(payload);
    runTasks();
    for (int i = 0; i < handlers.length; i++) {
      handlers[i].onChunk(header, buffer, at + ChunkHeader.LENGTH);
    }
  }

  @Override
  public String roleName() {
    return "urrl-receive";
  }
}
