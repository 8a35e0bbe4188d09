package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import org.apache.pekko.actor.typed.ActorRef;

/** What the view supply can be told. */
public sealed interface SupplyCommand {

  /**
   * Asks for pictures; they arrive as chunks at the task's address. Asked again for what has not
   * come: the supply knows what waits and what somebody is at.
   *
   * @param asker what waits for it is dropped when it is gone
   */
  record Fetch(ViewTask task, ActorRef<?> asker) implements SupplyCommand, WireMessage {}

  /** The supply's own events. */
  non-sealed interface Internal extends SupplyCommand {}
}
