package io.urrl.actors.stream;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.AeronException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane of a node: its media driver, its receive thread, and the connections to others.
 *
 * <p>The driver and the receive thread sleep up to a millisecond when nothing comes in: on a
 * machine of few cores the tensor work needs them, and a step hands over only a few times.
 */
public final class Streams implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

  /**
   * How long idle threads sleep at most. Each waking stops a tensor thread, and with it all that
   * wait for it: at a millisecond a pre-training step took a hundredth longer.
   */
  private static final long LONGEST_PARK_NANOS = 4_000_000;

  private static final Duration BIND_TIMEOUT = Duration.ofSeconds(10);

  private final StreamSettings settings;
  private final long runId;
  private final StreamCounters counters = new StreamCounters();
  private final MediaDriver embedded;
  private final Aeron aeron;
  private final String driver;
  private final ReceiveAgent agent;
  private final AgentRunner runner;
  private final Map<StreamAddress, ChunkWriter> writers = new ConcurrentHashMap<>();
  private final Map<StreamAddress, ReceiveAgent.Receiver> receivers = new ConcurrentHashMap<>();

  private Streams(StreamSettings settings, long runId) {
    this.settings = settings;
    this.runId = runId;
    embedded = settings.directory().isEmpty() ? embed(settings) : null;
    String directory = embedded == null ? settings.directory() : embedded.aeronDirectoryName();
    aeron =
        Aeron.connect(
            new Aeron.Context()
                .aeronDirectoryName(directory)
                .errorHandler(error -> LOG.warn("media driver client: {}", error.getMessage())));
    driver = directory;
    agent = new ReceiveAgent(runId, counters);
    runner =
        new AgentRunner(
            idle(), error -> LOG.error("a chunk could not be handled", error), null, agent);
    AgentRunner.startOnThread(
        runner,
        task -> {
          Thread thread = new Thread(task);
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Opens the data plane.
   *
   * @param runId chunks of other runs are dropped
   * @throws StreamException when there is no media driver, or one cannot be embedded
   */
  public static Streams open(StreamSettings settings, long runId) {
    try {
      return new Streams(settings, runId);
    } catch (AeronException e) {
      throw new StreamException(
          settings.directory().isEmpty()
              ? "cannot start a media driver: " + e.getMessage()
              : "no media driver runs at "
                  + settings.directory()
                  + " (stream.aeron-directory): "
                  + e.getMessage(),
          e);
    }
  }

  private static MediaDriver embed(StreamSettings settings) {
    return MediaDriver.launchEmbedded(
        new MediaDriver.Context()
            .aeronDirectoryName(DriverDirectory.fresh().toString())
            .threadingMode(ThreadingMode.SHARED)
            .sharedIdleStrategy(idle())
            // It makes connections, which are few.
            .asyncExecutorIdleStrategy(new SleepingMillisIdleStrategy())
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .termBufferSparseFile(true)
            .ipcMtuLength(65_504)
            .mtuLength(settings.mtu())
            .initialWindowLength(Math.max(128 * 1024, settings.mtu()))
            .ipcTermBufferLength(settings.termLength())
            .publicationTermBufferLength(settings.termLength())
            .errorHandler(error -> LOG.warn("media driver: {}", error.getMessage())));
  }

  private static IdleStrategy idle() {
    return new BackoffIdleStrategy(50, 50, 1_000, LONGEST_PARK_NANOS);
  }

  /** What went over the streams. */
  public StreamCounters counters() {
    return counters;
  }

  /**
   * Receives from now on.
   *
   * @param handler takes the chunks, on the receive thread
   * @return where senders, on this node or another, send to
   */
  public StreamAddress receive(ChunkHandler handler) {
    int streamId = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
    Subscription udp =
        aeron.addSubscription("aeron:udp?endpoint=" + settings.host() + ":0", streamId);
    List<Subscription> subscriptions = new ArrayList<>(List.of(udp));
    if (settings.mode() == StreamSettings.Mode.AUTO) {
      subscriptions.add(aeron.addSubscription("aeron:ipc", streamId));
    }
    StreamAddress address = new StreamAddress(driver, endpoint(udp), streamId);
    ReceiveAgent.Receiver receiver = new ReceiveAgent.Receiver(agent, subscriptions, handler);
    receivers.put(address, receiver);
    agent.add(receiver);
    return address;
  }

  private String endpoint(Subscription udp) {
    long deadline = System.nanoTime() + BIND_TIMEOUT.toNanos();
    List<String> bound = udp.localSocketAddresses();
    while (bound.isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new StreamException(
            "cannot bind a UDP port at " + settings.host() + " (stream.host)");
      }
      Thread.onSpinWait();
      bound = udp.localSocketAddresses();
    }
    return bound.getFirst();
  }

  /** Receives no more at an address of this node. */
  public void stop(StreamAddress address) {
    ReceiveAgent.Receiver receiver = receivers.remove(address);
    if (receiver != null) {
      agent.remove(receiver);
    }
  }

  /**
   * Runs a task on the receive thread, after all tasks that were given before, and before any chunk
   * that is sent after this call is handed over.
   */
  public void execute(Runnable task) {
    agent.execute(task);
  }

  /** The connection to a receiver; the same one for every caller. */
  public ChunkWriter writerTo(StreamAddress to) {
    return writers.computeIfAbsent(to, this::connect);
  }

  private ChunkWriter connect(StreamAddress to) {
    boolean near = to.driver().equals(driver) && settings.mode() == StreamSettings.Mode.AUTO;
    String channel = near ? "aeron:ipc" : "aeron:udp?endpoint=" + to.endpoint();
    try {
      Publication publication = aeron.addPublication(channel, to.streamId());
      return new ChunkWriter(publication, runId, settings.sendTimeout(), counters);
    } catch (AeronException e) {
      throw new StreamException("cannot connect to " + to.endpoint() + ": " + e.getMessage(), e);
    }
  }

  /** Closes the connection to a receiver that is gone. */
  public void release(StreamAddress to) {
    ChunkWriter writer = writers.remove(to);
    if (writer != null) {
      writer.close();
    }
  }

  @Override
  public void close() {
    CloseHelper.quietClose(runner);
    CloseHelper.quietClose(aeron);
    CloseHelper.quietClose(embedded);
  }
}
