package io.urrl.actors.stream;

import io.aeron.Aeron;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.FragmentHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A handler's place at an address of this node: after each reopening it has new subscriptions at
 * the same port and stream.
 */
final class Receiver implements Inlet {
  private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);
  private static final Subscription[] NONE = {};

  private final FragmentHandler handler;
  private final int streamId;
  private final Way udp;
  private final List<Way> ways = new ArrayList<>();
  private final CompletableFuture<String> endpoint = new CompletableFuture<>();
  private volatile Subscription[] subscriptions = NONE;
  private Aeron aeron;
  private long retryAt;

  Receiver(FragmentHandler handler, StreamSettings settings, int streamId) {
    this.handler = handler;
    this.streamId = streamId;
    udp = way(udpChannel(settings.host() + ":0"));
    ways.add(udp);
    if (settings.mode() == StreamSettings.Mode.AUTO) {
      ways.add(way("aeron:ipc"));
    }
  }

  private Way way(String channel) {
    return new Way(channel, streamId, image -> {});
  }

  private static String udpChannel(String endpoint) {
    return "aeron:udp?endpoint=" + endpoint;
  }

  /** Host and port, the same for good; fails when none can be bound the first time. */
  CompletableFuture<String> endpoint() {
    return endpoint;
  }

  /** One that never had an address has nothing to get back. */
  @Override
  public boolean isOpen(Aeron at) {
    return !endpoint.isDone() || (aeron == at && subscriptions.length > 0);
  }

  @Override
  public long open(Aeron at, long now) {
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
      LOG.debug("no subscription at {}", udp.channel(), e);
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
      all &= way.open(aeron);
    }
    List<String> bound = all ? udp.subscription().localSocketAddresses() : List.of();
    if (bound.isEmpty()) {
      return false;
    }
    udp.channel(udpChannel(bound.getFirst()));
    subscriptions = ways.stream().map(Way::subscription).toArray(Subscription[]::new);
    endpoint.complete(bound.getFirst());
    return true;
  }

  @Override
  public void close() {
    subscriptions = NONE;
    ways.forEach(way -> way.close(aeron));
  }

  @Override
  public int poll(int fragments) {
    int polled = 0;
    Subscription[] open = subscriptions;
    for (int i = 0; i < open.length; i++) {
      polled += open[i].poll(handler, fragments);
    }
    return polled;
  }
}
