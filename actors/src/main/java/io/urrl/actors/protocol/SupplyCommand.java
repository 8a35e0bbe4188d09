package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;

/** What the view supply can be told. */
public sealed interface SupplyCommand {

  /** Asks for pictures; they arrive as chunks at the task's address. */
  record Fetch(ViewTask task) implements SupplyCommand, WireMessage {}

  /** The supply's own events. */
  non-sealed interface Internal extends SupplyCommand {}
}
