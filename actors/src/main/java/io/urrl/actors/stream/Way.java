package io.urrl.actors.stream;

import io.aeron.Aeron;
import io.aeron.Subscription;
import io.aeron.UnavailableImageHandler;
import io.aeron.exceptions.RegistrationException;

/** A subscription that is asked for and may not be there yet. For the keeper's thread. */
final class Way {
  private final int streamId;
  private final UnavailableImageHandler onEnd;
  private String channel;
  private long asked = Aeron.NULL_VALUE;
  private Subscription subscription;

  /**
   * @param onEnd called on a thread of Aeron when a sender's log is not there any more
   */
  Way(String channel, int streamId, UnavailableImageHandler onEnd) {
    this.channel = channel;
    this.streamId = streamId;
    this.onEnd = onEnd;
  }

  String channel() {
    return channel;
  }

  /** Takes another channel from the next time on that it is opened. */
  void channel(String next) {
    channel = next;
  }

  /** Null until it is there. */
  Subscription subscription() {
    return subscription;
  }

  /** The connection that it belongs to is gone. */
  void forget() {
    asked = Aeron.NULL_VALUE;
    subscription = null;
  }

  /**
   * Asks for it, or looks whether it is there.
   *
   * @return whether it is there
   */
  boolean open(Aeron aeron) {
    if (subscription != null) {
      return true;
    }
    if (asked == Aeron.NULL_VALUE) {
      asked = aeron.asyncAddSubscription(channel, streamId, image -> {}, onEnd);
    }
    try {
      subscription = aeron.getSubscription(asked);
    } catch (RegistrationException e) {
      asked = Aeron.NULL_VALUE;
      throw e;
    }
    return subscription != null;
  }

  void close(Aeron aeron) {
    if (aeron != null && asked != Aeron.NULL_VALUE) {
      aeron.asyncRemoveSubscription(asked);
    }
    forget();
  }
}
