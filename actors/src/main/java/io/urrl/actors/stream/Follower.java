package io.urrl.actors.stream;

import io.aeron.Aeron;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers of this node that follow one broadcast. All followers at a media driver read one log
 * there: the sender's own, or what comes in at one UDP port, which the driver chooses and all find
 * by the tag of the channel. Each second the sender is told where that is.
 *
 * <p>The media driver holds nobody up for a follower that does not read: it takes the log away from
 * it. One that lives joins again.
 */
final class Follower implements Inlet, FragmentHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  /** Nanoseconds before one whose log was taken away joins again; doubled each time. */
  private static final long FIRST_PAUSE = 1_000_000_000;

  private static final long LONGEST_PAUSE = 16_000_000_000L;

  private final ReceiveAgent agent;
  private final PublicationWriter sender;
  private final boolean near;
  private final Way way;
  private final Runnable wakeKeeper;
  private volatile ChunkHandler[] handlers = {};
  private volatile Subscription subscription;
  private volatile boolean imageEnded;
  private Aeron aeron;
  private byte[] note = {};
  private long noteAt;
  private long retryAt;
  private long joinedAt;
  private long pause = FIRST_PAUSE;

  /**
   * @param near whether the sender is at this node's media driver
   * @param sender where it is told
   */
  Follower(
      ReceiveAgent agent,
      StreamSettings settings,
      int streamId,
      boolean near,
      PublicationWriter sender,
      Runnable wakeKeeper) {
    this.agent = agent;
    this.sender = sender;
    this.near = near;
    this.wakeKeeper = wakeKeeper;
    String channel =
        near
            ? "aeron:ipc?tether=false|rejoin=false"
            : "aeron:udp?endpoint="
                + settings.host()
                + ":0|tags="
                + streamId
                + "|tether=false|rejoin=false"
                + Untethered.PARAMETERS;
    way = new Way(channel, streamId, image -> onImageEnded());
  }

  private void onImageEnded() {
    imageEnded = true;
    wakeKeeper.run();
  }

  synchronized void add(ChunkHandler handler) {
    List<ChunkHandler> more = new ArrayList<>(List.of(handlers));
    more.add(handler);
    handlers = more.toArray(ChunkHandler[]::new);
  }

  /**
   * @return whether others follow still
   */
  synchronized boolean remove(ChunkHandler handler) {
    List<ChunkHandler> fewer = new ArrayList<>(List.of(handlers));
    fewer.remove(handler);
    handlers = fewer.toArray(ChunkHandler[]::new);
    return !fewer.isEmpty();
  }

  /** Where the sender is told. */
  PublicationWriter sender() {
    return sender;
  }

  @Override
  public long open(Aeron at, long now) {
    if (aeron != at) {
      aeron = at;
      subscription = null;
      way.forget();
      retryAt = now;
    }
    leaveEnded(now);
    if (subscription == null) {
      if (now - retryAt < 0) {
        return Keeper.RETRY;
      }
      try {
        if (!join(now)) {
          return Keeper.POLL;
        }
      } catch (AeronException e) {
        LOG.debug("no subscription at {}", way.channel(), e);
        retryAt = now + Keeper.REST;
        return Keeper.RETRY;
      }
    }
    return tell(now);
  }

  /** The log was taken away, or its sender is gone; of both there may be others by now. */
  private void leaveEnded(long now) {
    if (!imageEnded) {
      return;
    }
    imageEnded = false;
    Subscription left = subscription;
    if (left != null && left.hasNoImages()) {
      pause = now - joinedAt > LONGEST_PAUSE ? FIRST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
      retryAt = now + pause;
      subscription = null;
      way.close(aeron);
    }
  }

  private boolean join(long now) {
    if (!way.open(aeron)) {
      return false;
    }
    String endpoint = "";
    if (!near) {
      List<String> bound = way.subscription().localSocketAddresses();
      if (bound.isEmpty()) {
        return false;
      }
      endpoint = bound.getFirst();
    }
    note = FollowNote.of(endpoint);
    noteAt = now;
    joinedAt = now;
    subscription = way.subscription();
    return true;
  }

  private long tell(long now) {
    if (now - noteAt < 0) {
      return Math.min(Keeper.REST, noteAt - now);
    }
    if (!sender.say(note)) {
      return Keeper.RETRY;
    }
    noteAt = now + Keeper.REST;
    return Keeper.REST;
  }

  @Override
  public boolean isOpen(Aeron at) {
    return aeron == at && subscription != null;
  }

  @Override
  public void close() {
    subscription = null;
    way.close(aeron);
  }

  @Override
  public int poll(int fragments) {
    Subscription open = subscription;
    return open == null ? 0 : open.poll(this, fragments);
  }

  @Override
  public void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
    agent.onFragment(handlers, buffer, offset, length);
  }
}
