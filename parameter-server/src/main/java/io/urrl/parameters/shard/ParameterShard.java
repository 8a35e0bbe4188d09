package io.urrl.parameters.shard;

import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.ShardCommand.Apply;
import io.urrl.actors.protocol.ShardCommand.BeginTerm;
import io.urrl.actors.protocol.ShardCommand.Report;
import io.urrl.actors.protocol.ShardCommand.Subscribe;
import io.urrl.actors.protocol.ShardCommand.WriteCheckpoint;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.ServiceKeys;
import io.urrl.actors.stream.DataPlane;
import io.urrl.actors.stream.StreamAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Owns the parameters: sums the gradients of a step, updates weights, velocity and momentum encoder
 * in one pass, enqueues the keys, and streams every new version to its subscribers.
 *
 * <p>It runs on a pinned dispatcher, since an update is a pass over all memory that it owns.
 * Checkpoints are written from a copy on another thread. A shard that fails is replaced by one that
 * starts from the newest whole checkpoint.
 */
public final class ParameterShard {

  private record Complete(int term, ResultParts parts) implements ShardCommand.Internal {}

  private record Written(ActorRef<TrainerCommand> asker, StateWriter.Outcome outcome)
      implements ShardCommand.Internal {}

  private enum Continue implements ShardCommand.Internal {
    CONTINUE
  }

  /**
   * What a shard works with.
   *
   * @param open loads the newest whole checkpoint, or makes the state of a fresh run
   * @param terms of the run directory
   * @param disk writes checkpoints
   * @param patience after which what a worker does not take is given up, until it asks again
   * @param millis a clock in milliseconds of any origin
   */
  public record Means(
      DataPlane streams,
      ShardState.Opener open,
      Terms terms,
      Executor disk,
      Duration patience,
      LongSupplier millis) {}

  private final ActorContext<ShardCommand> context;
  private final Means means;
  private final ShardState state;
  private final StateWriter writer;
  private final ResultInbox inbox;
  private final StreamAddress address;
  private final Set<ActorRef<GpuWorkerCommand>> watched = new HashSet<>();

  /** The term that is open in this incarnation; null before the first one. */
  private ShardTerm open;

  private boolean continuing;

  private ParameterShard(ActorContext<ShardCommand> context, Means means) {
    this.context = context;
    this.means = means;
    state = means.open().open();
    writer = new StateWriter(state);
    ActorRef<ShardCommand> self = context.getSelf();
    inbox =
        new ResultInbox(
            means.streams().counters(), (t, parts) -> self.tell(new Complete(t, parts)));
    address = means.streams().receive(inbox);
  }

  /** A shard that waits for a term. */
  public static Behavior<ShardCommand> create(Means means) {
    return Behaviors.setup(
        context -> {
          ParameterShard shard = new ParameterShard(context, means);
          context
              .getSystem()
              .receptionist()
              .tell(Receptionist.register(ServiceKeys.SHARDS, context.getSelf()));
          return Behaviors.receive(ShardCommand.class)
              .onAnyMessage(shard::on)
              .onSignal(Terminated.class, shard::onTerminated)
              .onSignal(PostStop.class, signal -> shard.onPostStop())
              .build();
        });
  }

  private Behavior<ShardCommand> on(ShardCommand command) {
    switch (command) {
      case BeginTerm begin -> onBeginTerm(begin);
      case Report report -> {
        if (isOpen(report.term())) {
          tellStanding();
        }
      }
      case Subscribe subscribe -> onSubscribe(subscribe);
      case Apply apply -> {
        if (isOpen(apply.term()) && open.onApply(apply)) {
          tellStanding();
        }
      }
      case WriteCheckpoint write -> {
        if (isOpen(write.term())) {
          onWriteCheckpoint(write);
        }
      }
      case ShardCommand.Internal internal -> onInternal(internal);
    }
    goOn();
    return Behaviors.same();
  }

  private void onInternal(ShardCommand.Internal event) {
    switch (event) {
      case Complete complete -> {
        if (isOpen(complete.term()) && open.onResult(complete.parts())) {
          tellStanding();
        }
      }
      case Written written -> onWritten(written);
      case Continue go -> continuing = false;
      default -> throw new IllegalStateException("not an event of a parameter shard: " + event);
    }
  }

  private boolean isOpen(int term) {
    return open != null && open.term() == term;
  }

  private void onBeginTerm(BeginTerm begin) {
    if (begin.term() > means.terms().highest()) {
      try {
        means.terms().begin(begin.term());
      } catch (IOException e) {
        begin.trainer().tell(new TrainerCommand.ShardFailed(begin.term(), e.getMessage()));
        return;
      }
      if (open != null) {
        open.close();
      }
      open =
          new ShardTerm(
              begin,
              new ShardTerm.Means(
                  means.streams(),
                  state,
                  inbox,
                  address,
                  means.patience().toMillis(),
                  means.millis()));
    }
    if (isOpen(begin.term()) && open.isOf(begin)) {
      tellStanding();
    } else {
      begin
          .trainer()
          .tell(new TrainerCommand.TermTaken(context.getSelf(), means.terms().highest()));
    }
  }

  private void tellStanding() {
    open.trainer().tell(open.standing(context.getSelf()));
  }

  private void onSubscribe(Subscribe subscribe) {
    if (isOpen(subscribe.term())) {
      if (watched.add(subscribe.worker())) {
        context.watch(subscribe.worker());
      }
      open.onSubscribe(subscribe);
    }
  }

  /** Sends what workers take now, and comes back for the rest behind what waits here meanwhile. */
  private void goOn() {
    if (!continuing && open != null && open.advance()) {
      continuing = true;
      context.getSelf().tell(Continue.CONTINUE);
    }
  }

  private void onWriteCheckpoint(WriteCheckpoint write) {
    ActorRef<TrainerCommand> asker = open.trainer();
    ActorRef<ShardCommand> self = context.getSelf();
    writer
        .begin(write.version(), means.disk())
        .ifPresent(going -> going.thenAccept(done -> self.tell(new Written(asker, done))));
  }

  private void onWritten(Written written) {
    writer.end(written.outcome());
    written.asker().tell(written.outcome().message());
  }

  private Behavior<ShardCommand> onTerminated(Terminated terminated) {
    ActorRef<GpuWorkerCommand> gone = terminated.getRef().unsafeUpcast();
    watched.remove(gone);
    if (open != null) {
      open.onWorkerGone(gone);
    }
    return Behaviors.same();
  }

  private Behavior<ShardCommand> onPostStop() {
    means.streams().stop(address);
    writer.close();
    return Behaviors.same();
  }
}
