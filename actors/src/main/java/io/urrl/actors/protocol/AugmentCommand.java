package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import org.apache.pekko.actor.typed.ActorRef;

/** What an augment worker can be told. Tasks come to it by reliable delivery. */
public sealed interface AugmentCommand {

  /**
   * Asks how busy the worker was so far. Asked again and again; answered by {@link
   * RunEvent.AugmentLoad} between two tasks.
   */
  record TellLoad(ActorRef<RunEvent> replyTo) implements AugmentCommand, WireMessage {}

  /** The worker's own events. */
  non-sealed interface Internal extends AugmentCommand {}
}
