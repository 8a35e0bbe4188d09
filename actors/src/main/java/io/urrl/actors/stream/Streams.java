package io.urrl.actors.stream;

import io.aeron.logbuffer.FragmentHandler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane of a node over Aeron: its media driver, its receive thread, and the connections to
 * others. A driver or a connection to it that died is opened again, with all receivers at their
 * addresses; what was under way is lost.
 *
 * <p>The driver and the receive thread sleep some milliseconds when nothing comes in: on a machine
 * of few cores the tensor work needs them, and a step hands over only a few times.
 */
public final class Streams implements DataPlane, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

  /**
   * How long idle threads sleep at most. Each waking stops a tensor thread, and with it all that
   * wait for it: at a millisecond a pre-training step took a hundredth longer.
   */
  private static final long LONGEST_PARK_NANOS = 4_000_000;

  /** As long as a receiver needs for some chunks. */
  private static final long PAUSE_NANOS = 100_000;

  private static final Duration BIND_TIMEOUT = Duration.ofSeconds(10);

  /** How long the writing of a chunk may take when all is closed. */
  private static final Duration LAST_WRITE = Duration.ofSeconds(1);

  private final StreamSettings settings;
  private final StreamTiming timing;
  private final StreamCounters counters = new StreamCounters();
  private final Map<StreamAddress, PublicationWriter> writers = new ConcurrentHashMap<>();
  private final Map<StreamAddress, Receiver> receivers = new ConcurrentHashMap<>();
  private final Map<BroadcastAddress, Follower> followers = new ConcurrentHashMap<>();
  private final CompletableFuture<StreamException> lost = new CompletableFuture<>();
  private final DriverConnection connection;
  private final ReceiveAgent agent;
  private final Keeper keeper;
  private final AgentRunner runner;
  private volatile boolean closed;

  private Streams(StreamSettings settings, StreamTiming timing, Supplier<IdleStrategy> driverIdle) {
    this.settings = settings;
    this.timing = timing;
    connection = new DriverConnection(settings, timing, driverIdle, this::wakeKeeper);
    agent = new ReceiveAgent(counters);
    keeper = new Keeper(connection, timing, agent, writers.values(), lost);
    keeper.start();
    runner =
        new AgentRunner(
            idle(), error -> LOG.error("a chunk could not be handled", error), null, agent);
    AgentRunner.startOnThread(runner, new WatchedThread(this::receiveThreadEnded));
  }

  /**
   * Opens the data plane.
   *
   * @throws StreamException when there is no media driver, or one cannot be embedded
   */
  public static Streams open(StreamSettings settings) {
    return open(settings, StreamTiming.normal());
  }

  static Streams open(StreamSettings settings, StreamTiming timing) {
    return open(settings, timing, Streams::idle);
  }

  /**
   * @param driverIdle how an embedded driver waits
   */
  static Streams open(
      StreamSettings settings, StreamTiming timing, Supplier<IdleStrategy> driverIdle) {
    try {
      return new Streams(settings, timing, driverIdle);
    } catch (RuntimeException e) {
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

  static IdleStrategy idle() {
    return new BackoffIdleStrategy(50, 50, 1_000, LONGEST_PARK_NANOS);
  }

  /** Also on threads of Aeron, which may end before there is a keeper. */
  private void wakeKeeper() {
    if (keeper != null) {
      keeper.wake();
    }
  }

  private void receiveThreadEnded() {
    if (!closed) {
      StreamException end = new StreamException("the receive thread has ended");
      lost.completeAsync(() -> end);
    }
  }

  @Override
  public StreamCounters counters() {
    return counters;
  }

  /**
   * Completed when the data plane died and cannot be opened again: the process is of no use any
   * more. What it completes with says why, for people.
   */
  public CompletableFuture<StreamException> lost() {
    return lost.copy();
  }

  @Override
  public StreamAddress receive(ChunkHandler handler) {
    ChunkHandler[] handlers = {handler};
    return bind(
        (buffer, offset, length, header) -> agent.onFragment(handlers, buffer, offset, length));
  }

  private static int freshStream() {
    return ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
  }

  private StreamAddress bind(FragmentHandler handler) {
    int streamId = freshStream();
    Receiver receiver = new Receiver(handler, settings, streamId);
    agent.add(receiver);
    keeper.wake();
    try {
      String endpoint = receiver.endpoint().get(BIND_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      StreamAddress address = new StreamAddress(connection.identity(), endpoint, streamId);
      receivers.put(address, receiver);
      return address;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unbound(receiver, "interrupted", e);
    } catch (TimeoutException e) {
      throw unbound(receiver, "the media driver does not answer", e);
    } catch (ExecutionException e) {
      throw unbound(receiver, e.getCause().getMessage(), e);
    }
  }

  private StreamException unbound(Receiver receiver, String reason, Exception cause) {
    drop(receiver);
    return new StreamException(
        "cannot bind a UDP port at " + settings.host() + " (stream.host): " + reason, cause);
  }

  private void drop(Inlet inlet) {
    agent.remove(inlet);
    keeper.close(inlet);
  }

  @Override
  public void stop(StreamAddress address) {
    Receiver receiver = receivers.remove(address);
    if (receiver != null) {
      drop(receiver);
    }
  }

  @Override
  public Broadcast broadcast() {
    AtomicReference<Fanout> fanout = new AtomicReference<>();
    StreamAddress sender =
        bind(
            (buffer, offset, length, header) ->
                FollowNote.read(buffer, offset, length)
                    .ifPresent(endpoint -> heard(fanout.get(), endpoint)));
    int streamId = freshStream();
    fanout.set(
        new Fanout(
            new BroadcastAddress(sender, streamId),
            endpoint -> line(endpoint, streamId),
            this::end,
            () -> stop(sender),
            timing.clock()));
    return fanout.get();
  }

  /** Nobody knows the address before there is the fanout, but a note may go astray. */
  private static void heard(Fanout fanout, String endpoint) {
    if (fanout != null) {
      fanout.heard(endpoint);
    }
  }

  private PublicationWriter line(String endpoint, int streamId) {
    String channel =
        endpoint.isEmpty() ? "aeron:ipc?" + Untethered.PARAMETERS.substring(1) : udp(endpoint);
    PublicationWriter line = new PublicationWriter(channel, streamId, counters, keeper::wake);
    writers.put(new StreamAddress("", endpoint, streamId), line);
    return line;
  }

  private void end(PublicationWriter writer) {
    writers.values().remove(writer);
    keeper.close(writer);
  }

  @Override
  public void follow(BroadcastAddress address, ChunkHandler handler) {
    followers.compute(
        address,
        (key, known) -> {
          Follower follower = known == null ? follower(address) : known;
          follower.add(handler);
          return follower;
        });
    keeper.wake();
  }

  private Follower follower(BroadcastAddress address) {
    StreamAddress sender = address.sender();
    Follower follower =
        new Follower(
            agent,
            settings,
            address.streamId(),
            isNear(sender),
            writers.computeIfAbsent(sender, this::writer),
            keeper::wake);
    agent.add(follower);
    return follower;
  }

  @Override
  public void unfollow(BroadcastAddress address, ChunkHandler handler) {
    followers.computeIfPresent(
        address,
        (key, follower) -> {
          if (follower.remove(handler)) {
            return follower;
          }
          drop(follower);
          end(follower.sender());
          return null;
        });
  }

  @Override
  public void execute(Runnable task) {
    agent.execute(task);
  }

  @Override
  public ChunkWriter writerTo(StreamAddress to) {
    return writers.computeIfAbsent(to, this::writer);
  }

  private PublicationWriter writer(StreamAddress to) {
    String channel = isNear(to) ? "aeron:ipc" : udp(to.endpoint());
    return new PublicationWriter(channel, to.streamId(), counters, keeper::wake);
  }

  private static String udp(String endpoint) {
    return "aeron:udp?endpoint=" + endpoint;
  }

  private boolean isNear(StreamAddress to) {
    return to.driver().equals(connection.identity()) && settings.mode() == StreamSettings.Mode.AUTO;
  }

  @Override
  public void pause() {
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  /** Where the media driver's files are. */
  String directory() {
    return connection.directory();
  }

  /** Connections that hold memory. */
  long openWriters() {
    return writers.values().stream().filter(PublicationWriter::isOpen).count();
  }

  /** Ends the connection to the media driver as a timeout would. */
  void cutClient() {
    connection.client().close();
  }

  /** Ends the embedded media driver. */
  void cutDriver() {
    connection.embedded().close();
  }

  @Override
  public void close() {
    closed = true;
    keeper.stop();
    CloseHelper.quietClose(runner);
    writers.values().forEach(PublicationWriter::close);
    connection.close(isQuiet());
  }

  /** Waits for the threads that are writing a chunk at this time. */
  private boolean isQuiet() {
    long deadline = System.nanoTime() + LAST_WRITE.toNanos();
    while (writers.values().stream().anyMatch(PublicationWriter::isBusy)) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      pause();
    }
    return true;
  }
}
