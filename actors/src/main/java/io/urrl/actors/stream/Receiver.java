package io.urrl.actors.stream;

import io.aeron.Aeron;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A handler's place at an address of this node. It outlives the data plane's connection to the
 * media driver: after each reopening it has new subscriptions at the same port and stream. The
 * receive thread polls it, the keeper's thread does all else.
 */
final class Receiver implements FragmentHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);
  private static final Subscription[] NONE = {};

  /** A subscription that was asked for and may not be there yet. */
  private static final class Way {
    private String channel;
    private long asked = Aeron.NULL_VALUE;
    private Subscription subscription;

    Way(String channel) {
      this.channel = channel;
    }

    void forget() {
      asked = Aeron.NULL_VALUE;
      subscription = null;
    }

    boolean open(Aeron aeron, int streamId) {
      if (subscription != null) {
        return true;
      }
      if (asked == Aeron.NULL_VALUE) {
        asked = aeron.asyncAddSubscription(channel, streamId);
      }
      try {
        subscription = aeron.getSubscription(asked);
      } catch (RegistrationException e) {
        asked = Aeron.NULL_VALUE;
        throw e;
      }
      return subscription != null;
    }
  }

  private final ReceiveAgent agent;
  private final ChunkHandler handler;
  private final int streamId;
  private final Way udp;
  private final List<Way> ways = new ArrayList<>();
  private final CompletableFuture<String> endpoint = new CompletableFuture<>();
  private volatile Subscription[] subscriptions = NONE;
  private Aeron aeron;
  private long retryAt;

  Receiver(ReceiveAgent agent, ChunkHandler handler, StreamSettings settings, int streamId) {
    this.agent = agent;
    this.handler = handler;
    this.streamId = streamId;
    udp = new Way(udpChannel(settings.host() + ":0"));
    ways.add(udp);
    if (settings.mode() == StreamSettings.Mode.AUTO) {
      ways.add(new Way("aeron:ipc"));
    }
  }

  private static String udpChannel(String endpoint) {
    return "aeron:udp?endpoint=" + endpoint;
  }

  int streamId() {
    return streamId;
  }

  /** Host and port, the same for good; fails when none can be bound the first time. */
  CompletableFuture<String> endpoint() {
    return endpoint;
  }

  /** Whether it has its address back; one that never had any has nothing to get back. */
  boolean isOpen(Aeron at) {
    return !endpoint.isDone() || (aeron == at && subscriptions.length > 0);
  }

  /**
   * Goes on with opening its subscriptions.
   *
   * @param at the connection that is open now
   * @return nanoseconds after which to go on
   */
  long open(Aeron at, long now) {
    if (aeron != at) {
      aeron = at;
      subscriptions = NONE;
      ways.forEach(Way::forget);
      retryAt = now;
    }
    if (subscriptions.length > 0) {
      return Keeper.REST;
    }
    if (now - retryAt < 0) {
      return Keeper.RETRY;
    }
    try {
      return openWays() ? Keeper.REST : Keeper.POLL;
    } catch (AeronException e) {
      LOG.debug("no subscription at {}", udp.channel, e);
      if (e instanceof RegistrationException) {
        endpoint.completeExceptionally(e);
      }
      retryAt = now + Keeper.RETRY;
      return Keeper.RETRY;
    }
  }

  private boolean openWays() {
    boolean all = true;
    for (Way way : ways) {
      all &= way.open(aeron, streamId);
    }
    List<String> bound = all ? udp.subscription.localSocketAddresses() : List.of();
    if (bound.isEmpty()) {
      return false;
    }
    udp.channel = udpChannel(bound.getFirst());
    subscriptions = ways.stream().map(way -> way.subscription).toArray(Subscription[]::new);
    endpoint.complete(bound.getFirst());
    return true;
  }

  void close() {
    subscriptions = NONE;
    for (Way way : ways) {
      if (aeron != null) {
        aeron.asyncRemoveSubscription(way.asked);
      }
      way.forget();
    }
  }

  /** Hands over what has come in. On the receive thread. */
  int poll(int fragments) {
    int polled = 0;
    Subscription[] open = subscriptions;
    for (int i = 0; i < open.length; i++) {
      polled += open[i].poll(this, fragments);
    }
    return polled;
  }

  @Override
  public void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
    agent.onFragment(handler, buffer, offset, length);
  }
}
