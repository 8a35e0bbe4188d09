package io.urrl.actors.stream;

import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;

/**
 * The duty cycle of a node's receive thread: polls every subscription, checks each chunk and hands
 * it to its handler, and runs the tasks that other threads left for it.
 *
 * <p>A task that was left before a chunk was asked for runs before that chunk is handed over, also
 * when the chunk came in during the poll that is under way: whoever asks first says where the
 * answer goes.
 */
final class ReceiveAgent implements Agent {
  private static final int FRAGMENTS = 32;

  /** One receiver's subscriptions. */
  static final class Receiver implements FragmentHandler {
    private final List<Subscription> subscriptions;
    private final ChunkHandler handler;
    private final ReceiveAgent agent;

    Receiver(ReceiveAgent agent, List<Subscription> subscriptions, ChunkHandler handler) {
      this.agent = agent;
      this.subscriptions = subscriptions;
      this.handler = handler;
    }

    @Override
    public void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
      agent.onFragment(handler, buffer, offset, length);
    }
  }

  private final long runId;
  private final StreamCounters counters;
  private final ManyToOneConcurrentLinkedQueue<Runnable> tasks =
      new ManyToOneConcurrentLinkedQueue<>();

  /** Changes to the receivers; between polls only, since a poll walks through them. */
  private final ManyToOneConcurrentLinkedQueue<Runnable> changes =
      new ManyToOneConcurrentLinkedQueue<>();

  private final List<Receiver> receivers = new ArrayList<>();
  private final ChunkHeader header = new ChunkHeader();
  private final ChunkChecksum checksum = new ChunkChecksum();

  ReceiveAgent(long runId, StreamCounters counters) {
    this.runId = runId;
    this.counters = counters;
  }

  void execute(Runnable task) {
    tasks.add(task);
  }

  void add(Receiver receiver) {
    changes.add(() -> receivers.add(receiver));
  }

  void remove(Receiver receiver) {
    changes.add(
        () -> {
          receivers.remove(receiver);
          receiver.subscriptions.forEach(Subscription::close);
        });
  }

  @Override
  public int doWork() {
    int work = run(changes) + run(tasks);
    for (int i = 0; i < receivers.size(); i++) {
      Receiver receiver = receivers.get(i);
      for (int j = 0; j < receiver.subscriptions.size(); j++) {
        work += receiver.subscriptions.get(j).poll(receiver, FRAGMENTS);
      }
    }
    return work;
  }

  private static int run(ManyToOneConcurrentLinkedQueue<Runnable> queue) {
    int count = 0;
    for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
      task.run();
      count++;
    }
    return count;
  }

  private void onFragment(ChunkHandler handler, DirectBuffer buffer, int at, int length) {
    if (length < ChunkHeader.LENGTH) {
      counters.corrupt();
      return;
    }
    header.wrap(buffer, at);
    if (header.magic() != ChunkHeader.MAGIC
        || header.version() != ChunkHeader.VERSION
        || header.runId() != runId) {
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
    run(tasks);
    handler.onChunk(header, buffer, at + ChunkHeader.LENGTH);
  }

  @Override
  public String roleName() {
    return "urrl-receive";
  }
}
