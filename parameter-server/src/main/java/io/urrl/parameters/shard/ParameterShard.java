package io.urrl.parameters.shard;

import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.ShardCommand.Apply;
import io.urrl.actors.protocol.ShardCommand.BeginTerm;
import io.urrl.actors.protocol.ShardCommand.OpenTerm;
import io.urrl.actors.protocol.ShardCommand.Report;
import io.urrl.actors.protocol.ShardCommand.Subscribe;
import io.urrl.actors.protocol.ShardCommand.WriteCheckpoint;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.ServiceKeys;
import io.urrl.actors.stream.Broadcast;
import io.urrl.actors.stream.DataPlane;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.parameters.Share;
import io.urrl.parameters.checkpoint.CheckpointStore;
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
 * Owns a slice of the parameters: sums the gradients of a step, updates weights, velocity and
 * momentum encoder in one pass, enqueues the keys where the slice is the first one, and streams
 * every new version to its subscribers.
 *
 * <p>Which slice that is the trainer says when it begins a term: until then a shard is there and
 * holds nothing, or what it had in the term before. Where all shards of a term still hold the same
 * version they go on with it; otherwise all read the same checkpoint.
 *
 * <p>It runs on a pinned dispatcher, since an update is a pass over all memory that it owns.
 * Checkpoints are written from a copy on another thread.
 */
public final class ParameterShard {

  private record Complete(int term, ResultParts parts) implements ShardCommand.Internal {}

  private record Written(
      StateWriter writer, ActorRef<TrainerCommand> asker, StateWriter.Outcome outcome)
      implements ShardCommand.Internal {}

  private enum Continue implements ShardCommand.Internal {
    CONTINUE
  }

  /**
   * What a shard works with.
   *
   * @param run identity of the run whose directory this node sees
   * @param open loads the state that a term begins with
   * @param terms of the run directory
   * @param disk writes checkpoints
   * @param patience after which what a worker does not take is given up, until it asks again
   * @param millis a clock in milliseconds of any origin
   */
  public record Means(
      DataPlane streams,
      long run,
      ShardState.Opener open,
      Terms terms,
      Executor disk,
      Duration patience,
      LongSupplier millis) {}

  /** How long a term that another host has put down may not be seen here. */
  static final Duration SIGHT = Duration.ofSeconds(5);

  private final ActorContext<ShardCommand> context;
  private final Means means;
  private final ResultInbox inbox;
  private final StreamAddress address;
  private final Broadcast changes;
  private final Set<ActorRef<GpuWorkerCommand>> watched = new HashSet<>();

  /** The newest term that the shard was taken into; null before the first one. */
  private BeginTerm joined;

  /** What the shard holds, since which term, and what writes it; null where it holds nothing. */
  private ShardState state;

  private int heldTerm;
  private StateWriter writer;

  /** The term that is open; null before the first one and while one is to be opened. */
  private ShardTerm open;

  /** A term that this node does not see on its storage, and since when. */
  private int unseen;

  private long unseenSince;

  private boolean continuing;

  private ParameterShard(ActorContext<ShardCommand> context, Means means) {
    this.context = context;
    this.means = means;
    ActorRef<ShardCommand> self = context.getSelf();
    inbox =
        new ResultInbox(
            means.streams().counters(), (t, parts) -> self.tell(new Complete(t, parts)));
    address = means.streams().receive(inbox);
    changes = means.streams().broadcast();
  }

  /** A shard that holds nothing and waits for a term. */
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
      case OpenTerm order -> onOpenTerm(order);
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
    try {
      if (joined == null || begin.term() > joined.term()) {
        join(begin);
      } else if (begin.equals(joined)) {
        answer();
      } else {
        tellTaken(begin, joined.term());
      }
    } catch (IOException e) {
      tellFailed(begin, e.getMessage());
    }
  }

  private void join(BeginTerm begin) throws IOException {
    int highest = means.terms().highest();
    Share share = new Share(begin.slice(), begin.slices());
    if (highest > begin.term()) {
      tellTaken(begin, highest);
    } else if (begin.brief().runId() != means.run()) {
      tellFailed(begin, means.terms().unseen());
    } else if (highest < begin.term()) {
      onUnseen(begin);
    } else {
      leaveTerm();
      joined = begin;
      if (state != null && !state.share().equals(share)) {
        release();
      }
      answer();
    }
  }

  /** What another host wrote may take a moment to be seen here. */
  private void onUnseen(BeginTerm begin) {
    long now = means.millis().getAsLong();
    if (unseen != begin.term()) {
      unseen = begin.term();
      unseenSince = now;
    } else if (now - unseenSince >= SIGHT.toMillis()) {
      tellFailed(begin, means.terms().unseen());
    }
  }

  private void leaveTerm() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  /** Lets go of what is held; the memory goes when nothing of it is written any more. */
  private void release() {
    if (state != null) {
      writer.close();
      writer = null;
      state = null;
    }
  }

  private void answer() {
    if (open != null) {
      tellStanding();
      return;
    }
    joined
        .trainer()
        .tell(
            new TrainerCommand.TermJoined(
                context.getSelf(),
                joined.term(),
                state == null ? 0 : heldTerm,
                state == null ? 0 : state.version()));
  }

  private void tellTaken(BeginTerm begin, int highest) {
    begin.trainer().tell(new TrainerCommand.TermTaken(context.getSelf(), highest));
  }

  private static void tellFailed(BeginTerm begin, String text) {
    begin.trainer().tell(new TrainerCommand.ShardFailed(begin.term(), text));
  }

  private void onOpenTerm(OpenTerm order) {
    if (joined == null || joined.term() != order.term()) {
      return;
    }
    if (open == null) {
      try {
        open(order);
      } catch (IllegalStateException | IOException e) {
        tellFailed(joined, e.getMessage());
        return;
      }
    }
    tellStanding();
  }

  private void open(OpenTerm order) throws IOException {
    if (!order.keep()) {
      release();
      boolean tidy = order.version() == OpenTerm.NEWEST && means.terms().highest() == order.term();
      Share share = new Share(joined.slice(), joined.slices());
      state = means.open().open(new ShardState.Origin(share, order.version(), tidy));
      writer = new StateWriter(state, context.getSelf());
    }
    heldTerm = order.term();
    open =
        new ShardTerm(
            joined,
            new ShardTerm.Means(
                means.streams(),
                state,
                inbox,
                address,
                changes,
                means.patience().toMillis(),
                means.millis()));
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
    StateWriter by = writer;
    by.begin(
            new CheckpointStore.Writer(open.term(), means.terms()::highest),
            write.version(),
            means.disk())
        .ifPresent(going -> going.thenAccept(done -> self.tell(new Written(by, asker, done))));
  }

  private static void onWritten(Written written) {
    written.writer().end(written.outcome());
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
    changes.close();
    release();
    return Behaviors.same();
  }
}
