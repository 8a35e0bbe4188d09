package io.urrl.actors.run;

import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.TrainerCommand.Enlisted;
import io.urrl.actors.protocol.TrainerCommand.Refused;
import io.urrl.actors.protocol.TrainerCommand.Returned;
import io.urrl.actors.protocol.TrainerCommand.Working;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The workers of a term: who takes part, and what each is told to hold. For the trainer's thread.
 */
final class TermWorkers {
  private final int term;
  private final TrainerSettings settings;
  private final TermRun.Parties parties;
  private final Orders orders;
  private final Ledger<ActorRef<GpuWorkerCommand>> ledger;
  private final LongSupplier millis;
  private final Pace pace;
  private long holds;

  TermWorkers(
      int term,
      TrainerSettings settings,
      TermRun.Parties parties,
      Orders orders,
      Ledger<ActorRef<GpuWorkerCommand>> ledger,
      LongSupplier millis) {
    this.term = term;
    this.settings = settings;
    this.parties = parties;
    this.orders = orders;
    this.ledger = ledger;
    this.millis = millis;
    pace = new Pace(settings.leaseTimeout().toMillis());
  }

  private long now() {
    return millis.getAsLong();
  }

  private void notice(String text) {
    parties.monitor().tell(new RunEvent.Notice(text));
  }

  void enlist(ActorRef<GpuWorkerCommand> worker) {
    GpuWorkerCommand enlist =
        new GpuWorkerCommand.Enlist(
            term, settings.brief(), parties.trainer(), parties.shards(), parties.supply());
    orders.give(worker, () -> worker.tell(enlist));
  }

  void onEnlisted(Enlisted enlisted) {
    if (enlisted.term() == term && orders.settle(enlisted.worker())) {
      ledger.join(enlisted.worker(), enlisted.capacity());
      grant();
    }
  }

  /** A worker takes no part; returns whether this is of this term. */
  boolean onRefused(Refused refused) {
    return refused.term() == term && orders.settle(refused.worker());
  }

  void onGone(ActorRef<GpuWorkerCommand> worker) {
    orders.settle(worker);
    ledger.leave(worker);
    grant();
  }

  /** Grants what can be granted, and tells those whose leases have changed. */
  void grant() {
    ledger.grant(now());
    ledger.takeChanged().forEach(this::tellLeases);
  }

  private void tellLeases(ActorRef<GpuWorkerCommand> worker) {
    worker.tell(new GpuWorkerCommand.Hold(term, ++holds, ledger.leases(worker)));
  }

  /** A micro-batch took so many milliseconds. */
  void took(long took) {
    pace.add(took);
  }

  /** A worker says what it has done of what it holds. */
  void onWorking(Working working) {
    if (working.term() == term) {
      working.sent().forEach(lease -> ledger.sent(working.worker(), lease, now()));
    }
  }

  void onReturned(Returned returned) {
    if (returned.term() == term && ledger.giveBack(returned.worker(), returned.lease())) {
      notice(
          "%s gave %s back: %s"
              .formatted(
                  returned.worker().path().name(), returned.lease().id(), returned.reason()));
      grant();
    }
  }

  /** Takes back what was lost, wants second workers for what is late, and says all leases again. */
  void onTick() {
    for (Ledger.Assignment<ActorRef<GpuWorkerCommand>> lost : ledger.lost(now())) {
      notice("the result of " + lost.lease().id() + " was lost on its way; computing it again");
    }
    long deadline = pace.deadline();
    for (Ledger.Assignment<ActorRef<GpuWorkerCommand>> late : ledger.late(now(), deadline)) {
      notice(
          "%s takes more than %d s over %s; another worker computes it too"
              .formatted(
                  late.worker().path().name(), Math.ceilDiv(deadline, 1_000), late.lease().id()));
    }
    ledger.grant(now());
    ledger.takeChanged();
    ledger.everyWorker().forEach(this::tellLeases);
  }
}
