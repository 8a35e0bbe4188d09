package io.urrl.actors.run;

import io.urrl.actors.protocol.TrainerCommand;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The cluster does not hear a node any more, or hears it again; it is not put out yet.
 *
 * @param node address of its actor system
 * @param silent whether it is not heard
 */
public record NodeSilence(String node, boolean silent) implements TrainerCommand.Internal {

  /** Whether an actor lives there. */
  boolean isAbout(ActorRef<?> actor) {
    return actor.path().address().toString().equals(node);
  }
}
