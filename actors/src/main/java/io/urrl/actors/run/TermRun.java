package io.urrl.actors.run;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.CheckpointDropped;
import io.urrl.actors.protocol.TrainerCommand.CheckpointWritten;
import io.urrl.actors.protocol.TrainerCommand.Recorded;
import io.urrl.actors.protocol.TrainerCommand.SliceWritten;
import io.urrl.actors.protocol.TrainerCommand.Standing;
import io.urrl.actors.run.TrainerSettings.OnNonFinite;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A term of a run, from the shards' consent to the run's end or a shard's: closes steps, orders
 * updates and checkpoints. For the trainer's thread.
 *
 * <p>Nothing here relies on a message to arrive: what the shards and the workers say of themselves
 * is all of what counts, and is asked for on every tick; what they are told is told again until
 * they answer.
 */
final class TermRun {
  /** How the run ends. */
  interface End {
    /** With a version that is on disk, or that the run began with. */
    void finish(long version, boolean stopped, String checkpoint);

    /** With a text that says why and what to do. */
    void fail(String text);
  }

  /** Whom a trainer talks to in a term. */
  record Parties(
      ActorRef<TrainerCommand> trainer,
      List<ActorRef<ShardCommand>> shards,
      ActorRef<SupplyCommand> supply,
      ActorRef<RunEvent> monitor) {}

  private enum Order {
    BEGIN_RECORD,
    RECORD_STEP,
    APPLY,
    WRITE
  }

  private record NoteOrder(long version) {}

  /** How the run ends, when the recorder knows of all checkpoints. */
  private record Ending(long version, String checkpoint) {}

  private final TrainerSettings settings;
  private final Parties parties;
  private final End end;
  private final LongSupplier millis;
  private final int term;
  private final Orders orders = new Orders();
  private final TermShards shards;
  private final Ledger<ActorRef<GpuWorkerCommand>> ledger;
  private final TermWorkers workers;
  private final Suspects suspects = new Suspects();
  private final CheckpointCalendar checkpoints;

  /** The update that follows when its step is recorded; null when none is waiting for that. */
  private ShardCommand.Apply decided;

  private boolean stopping;

  /** Whether a stop waits for no further step: what has been applied is the end. */
  private boolean ending;

  /** The end, while a recorder has not answered; null before. */
  private Ending reached;

  /**
   * @param standings the shards' answers to the begin of the term, at one version
   * @param known all workers that are known
   */
  TermRun(
      TrainerSettings settings,
      Parties parties,
      End end,
      LongSupplier millis,
      List<Standing> standings,
      Set<ActorRef<GpuWorkerCommand>> known) {
    this.settings = settings;
    this.parties = parties;
    this.end = end;
    this.millis = millis;
    Standing standing = standings.getFirst();
    term = standing.term();
    shards = new TermShards(standings);
    checkpoints =
        new CheckpointCalendar(
            steps(),
            settings.checkpointEvery(),
            settings.judgeEvery(),
            standing.saved(),
            standing.checkpoint());
    ledger =
        new Ledger<>(
            settings.brief().plan().microBatches(),
            standing.version(),
            steps(),
            settings.brief().staleness(),
            settings.lookahead(),
            now());
    RunEvent started =
        new RunEvent.Started(
            term, standing.version(), steps(), standing.origin(), parties.trainer());
    orders.give(Order.BEGIN_RECORD, () -> parties.monitor().tell(started));
    workers = new TermWorkers(term, settings, parties, orders, ledger, millis);
    known.forEach(workers::enlist);
  }

  /** The workers of the term. */
  TermWorkers workers() {
    return workers;
  }

  /** Version at which a resumed run would begin. */
  long saved() {
    return checkpoints.saved();
  }

  /** Path of the newest checkpoint, empty when there is none. */
  String lastCheckpoint() {
    return checkpoints.last();
  }

  /** A checkpoint's path, or that there is none. */
  static String forPeople(String checkpoint) {
    return checkpoint.isEmpty() ? "none yet" : checkpoint;
  }

  private long steps() {
    return settings.brief().plan().steps();
  }

  private long now() {
    return millis.getAsLong();
  }

  private void notice(String text) {
    parties.monitor().tell(new RunEvent.Notice(text));
  }

  /** A shard says where it stands in this term. */
  void onStanding(Standing standing) {
    List<Result> counting = shards.take(standing);
    if (shards.version() > ledger.version()) {
      onApplied(shards.version());
    }
    for (Result result : counting) {
      if (!suspects.isKnown(result)) {
        ledger.done(result, now()).ifPresent(took -> onResult(result, took));
      }
    }
    workers.grant();
    applyNext();
  }

  private void onResult(Result result, long took) {
    workers.took(took);
    if (result.finite()) {
      return;
    }
    String what = "the %s in %s holds NaN or infinity".formatted(result.nonFinite(), result.id());
    if (suspects.isFirstTime(result)) {
      notice(what + " at " + result.worker() + "; computing it again");
      ledger.again(result.id());
    } else if (settings.onNonFinite() == OnNonFinite.STOP) {
      end.fail(
          "%s; the last good checkpoint is %s. Resume from it with a lower --lr, or with --on-nan skip"
              .formatted(what, forPeople(checkpoints.last())));
    }
  }

  /** A worker is gone. It computed the first of what it held, or waited for that one's views. */
  void onWorkerGone(ActorRef<GpuWorkerCommand> worker) {
    Optional<MicroBatchId> computed = ledger.leases(worker).stream().map(Lease::id).findFirst();
    workers.onGone(worker);
    computed
        .filter(suspects::isDeadly)
        .ifPresent(
            id ->
                end.fail(
                    "%d workers failed one after the other over %s, the last was %s; their log says why. The last good checkpoint is %s"
                        .formatted(
                            Suspects.MOST_DEATHS,
                            id,
                            worker.path().name(),
                            forPeople(checkpoints.last()))));
  }

  /** Decides the next update when all its gradients are in and no other update is under way. */
  private void applyNext() {
    if (!ending && !isApplying() && !orders.isOpen(Order.BEGIN_RECORD)) {
      ledger.complete().ifPresent(this::decide);
    }
  }

  private boolean isApplying() {
    return decided != null || orders.isOpen(Order.APPLY);
  }

  /** A step is on record before it changes the parameters: whoever dies, no update is unknown. */
  private void decide(List<Result> results) {
    long step = ledger.version();
    CheckpointCalendar.Choice choice = checkpoints.choose(step + 1, stopping);
    if (choice == CheckpointCalendar.Choice.WAIT) {
      return;
    }
    boolean keep = choice == CheckpointCalendar.Choice.KEEP;
    boolean skip = results.stream().anyMatch(result -> !result.finite());
    double rate = settings.rate().at(step);
    decided = new ShardCommand.Apply(term, step, rate, skip, keep);
    RunEvent closed = closed(step, rate, skip, results);
    orders.give(Order.RECORD_STEP, () -> parties.monitor().tell(closed));
  }

  private RunEvent.StepClosed closed(long step, double rate, boolean skip, List<Result> results) {
    return new RunEvent.StepClosed(
        term,
        step,
        settings.brief().plan().epochOf(step),
        results.stream().mapToDouble(Result::loss).sum() / results.size(),
        results.stream().mapToDouble(Result::accuracy).sum() / results.size(),
        rate,
        skip,
        results,
        parties.trainer());
  }

  private void onApplied(long version) {
    orders.settle(Order.APPLY);
    while (ledger.version() < version) {
      ledger.applied(now());
    }
    suspects.close(version);
    writeCheckpoint();
    if (ending) {
      endHere();
    }
  }

  void onRecordBegun(TrainerCommand.RecordBegun begun) {
    if (begun.term() != term || !orders.settle(Order.BEGIN_RECORD)) {
      return;
    }
    if (ending || ledger.version() >= steps()) {
      endHere();
    } else {
      applyNext();
    }
  }

  void onRecorded(Recorded done) {
    if (done.term() == term && decided != null && done.steps() > decided.step()) {
      orders.settle(Order.RECORD_STEP);
      ShardCommand.Apply apply = decided;
      decided = null;
      orders.give(Order.APPLY, () -> shards.tellBehind(apply.step() + 1, apply));
    }
  }

  private void writeCheckpoint() {
    if (checkpoints.mayWrite(ledger.version())) {
      ShardCommand.WriteCheckpoint write =
          new ShardCommand.WriteCheckpoint(term, checkpoints.snapshot());
      shards.beginWriting();
      orders.give(Order.WRITE, () -> shards.tellToWrite(write));
    }
  }

  /** A checkpoint is gathered and gets its name when all slices of its version are on disk. */
  void onSliceWritten(SliceWritten slice) {
    boolean wanted = slice.term() == term && slice.version() == checkpoints.snapshot();
    if (wanted && orders.isOpen(Order.WRITE) && shards.onWritten(slice)) {
      shards.tellToWrite(new ShardCommand.WriteCheckpoint(term, slice.version()));
    }
  }

  void onCheckpointWritten(CheckpointWritten written) {
    if (written.term() != term || !checkpoints.written(written.version(), written.path())) {
      return;
    }
    orders.settle(Order.WRITE);
    RunEvent kept =
        new RunEvent.CheckpointKept(term, written.version(), written.path(), parties.trainer());
    NoteOrder note = new NoteOrder(written.version());
    orders.give(note, () -> parties.monitor().tell(kept));
    boolean newest = written.version() == ledger.version() && !isApplying();
    if (written.version() == steps() || (stopping && newest)) {
      finish(written.version(), written.path());
    } else if (ending) {
      endHere();
    } else {
      applyNext();
    }
  }

  void onCheckpointNoted(TrainerCommand.CheckpointNoted noted) {
    NoteOrder note = new NoteOrder(noted.version());
    if (orders.settle(note)) {
      finishWhenNoted();
    }
  }

  private void finish(long version, String checkpoint) {
    reached = new Ending(version, checkpoint);
    finishWhenNoted();
  }

  private void finishWhenNoted() {
    if (reached != null && !orders.isAnyOpen(NoteOrder.class)) {
      end.finish(reached.version(), reached.version() < steps(), reached.checkpoint());
    }
  }

  /** A shard's state is whole, its copy was not: a version that is needed is copied anew. */
  void onCheckpointDropped(CheckpointDropped dropped) {
    boolean ours = dropped.term() == term && dropped.version() == checkpoints.snapshot();
    if (!ours || !orders.settle(Order.WRITE)) {
      return;
    }
    notice(dropped.text());
    checkpoints.dropped(dropped.version());
    if (dropped.version() == ledger.version() && dropped.version() == steps()) {
      checkpoints.want(dropped.version());
      writeCheckpoint();
    } else if (ending) {
      endHere();
    } else {
      applyNext();
    }
  }

  void onTick() {
    orders.again();
    shards.ask(new ShardCommand.Report(term));
    workers.onTick();
  }

  /** The end comes after the step under way, where one is. */
  void stop() {
    stopping = true;
    if (ledger.workers() == 0) {
      endHere();
    }
  }

  /**
   * Ends with the version that the shards have; an update or a checkpoint under way comes first.
   */
  void endHere() {
    stopping = true;
    ending = true;
    // The record, too, ends with that version.
    if (isApplying() || orders.isOpen(Order.BEGIN_RECORD)) {
      return;
    }
    if (checkpoints.saved() == ledger.version()) {
      finish(ledger.version(), checkpoints.last());
    } else {
      checkpoints.want(ledger.version());
      writeCheckpoint();
    }
  }

  /** Whether the shards are writing what the end waits for. */
  boolean isWriting() {
    return orders.isOpen(Order.WRITE);
  }
}
