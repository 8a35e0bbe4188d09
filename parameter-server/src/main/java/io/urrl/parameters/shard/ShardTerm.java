package io.urrl.parameters.shard;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.ShardCommand.Apply;
import io.urrl.actors.protocol.ShardCommand.BeginTerm;
import io.urrl.actors.protocol.ShardCommand.Subscribe;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.stream.Broadcast;
import io.urrl.actors.stream.DataPlane;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.parameters.DamagedStateException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A term of a shard: takes results, applies the steps that the trainer orders and keeps the term's
 * workers at the newest version. For the shard's thread.
 */
final class ShardTerm {

  /** What a term works on. */
  record Means(
      DataPlane streams,
      ShardState state,
      ResultInbox inbox,
      StreamAddress address,
      Broadcast changes,
      long patienceMillis,
      LongSupplier millis) {}

  private final BeginTerm begin;
  private final Means means;
  private final ShardState state;
  private final Fence fence;
  private final Deliveries deliveries;
  private final NavigableMap<Long, StepIntake> intakes = new TreeMap<>();

  /** Digests of the states that gradients may be computed at, by version. */
  private final NavigableMap<Long, Long> versions = new TreeMap<>();

  ShardTerm(BeginTerm begin, Means means) {
    this.begin = begin;
    this.means = means;
    state = means.state();
    fence = new Fence(begin.brief().runId(), begin.term());
    deliveries =
        new Deliveries(
            means.streams(), means.changes(), state, fence, means.patienceMillis(), means.millis());
    remember();
    openInbox();
  }

  private void openInbox() {
    RunBrief brief = begin.brief();
    long version = state.version();
    List<Long> contributionBytes = state.contributionBytes(brief);
    long gradientBytes = state.parameters().byteSize();
    ResultInbox inbox = means.inbox();
    means
        .streams()
        .execute(
            () ->
                inbox.begin(
                    fence,
                    version,
                    brief.plan().microBatches(),
                    brief.staleness() + 1,
                    () ->
                        new ResultParts(
                            Arena.ofAuto().allocate(gradientBytes, 64), contributionBytes)));
  }

  int term() {
    return begin.term();
  }

  ActorRef<TrainerCommand> trainer() {
    return begin.trainer();
  }

  /** The message that says where this shard stands. */
  TrainerCommand standing(ActorRef<ShardCommand> self) {
    List<Result> results =
        intakes.values().stream().flatMap(intake -> intake.results().stream()).toList();
    return new TrainerCommand.Standing(
        self, term(), state.version(), state.saved(), state.checkpoint(), state.origin(), results);
  }

  void onSubscribe(Subscribe subscribe) {
    subscribe
        .worker()
        .tell(
            new GpuWorkerCommand.Subscribed(
                term(), state.share().index(), means.address(), means.changes().address()));
    if (deliveries.wantsWhole(subscribe)) {
      requireIntact();
      deliveries.sendWhole(subscribe.worker());
    }
  }

  void onWorkerGone(ActorRef<GpuWorkerCommand> worker) {
    deliveries.remove(worker);
  }

  /**
   * Takes a whole result.
   *
   * @return whether it was news
   */
  boolean onResult(ResultParts parts) {
    boolean current = parts.step() >= state.version();
    StepIntake intake = current && isIntact(parts) ? intake(parts.step()) : null;
    if (intake == null) {
      recycle(parts);
      return false;
    }
    int before = intake.results().size();
    boolean kept = intake.add(parts);
    boolean news = kept || intake.results().size() > before || !parts.result().finite();
    if (!kept) {
      recycle(parts);
    }
    return news;
  }

  private StepIntake intake(long step) {
    return intakes.computeIfAbsent(
        step, fresh -> new StepIntake(begin.brief().plan().microBatches(), state.gradients()));
  }

  /** Whether a gradient came as it was computed, and was computed at this shard's state. */
  private boolean isIntact(ResultParts parts) {
    Long basis = versions.get(parts.result().version());
    Optional<String> damage = parts.damage(state.objective());
    if (damage.isEmpty() && basis != null && basis == parts.basis()) {
      return true;
    }
    MicroBatchId id = parts.result().id();
    String what =
        damage
            .map(part -> "the %s of %s changed between computing and summing".formatted(part, id))
            .orElse("the gradient of %s was computed at another state".formatted(id));
    trainer().tell(new TrainerCommand.Damaged(term(), what));
    return false;
  }

  /** Remembers the digest of the present version, and of those that gradients may still bear. */
  private void remember() {
    versions.put(state.version(), state.digests().shared());
    versions.headMap(state.version() - begin.brief().staleness()).clear();
  }

  /**
   * Applies a step, if it is the next one and all of it is here.
   *
   * @return whether it was applied
   */
  boolean onApply(Apply apply) {
    StepIntake intake = intakes.get(apply.step());
    boolean ready = apply.skip() || (intake != null && intake.complete());
    if (apply.step() != state.version() || !ready) {
      return false;
    }
    // What is under way reads the state that changes now.
    List<ActorRef<GpuWorkerCommand>> behind = deliveries.behind();
    if (apply.skip()) {
      state.skip();
    } else {
      watched(() -> state.apply(intake, apply.rate()));
    }
    close(intakes.remove(apply.step()));
    remember();
    long version = state.version();
    ResultInbox inbox = means.inbox();
    means.streams().execute(() -> inbox.applied(fence, version));
    if (apply.snapshot()) {
      state.keepSnapshot();
    }
    sendVersion(apply.skip(), behind);
    return true;
  }

  /** A skipped step changed nothing but the version, which the whole state carries best. */
  private void sendVersion(boolean skipped, List<ActorRef<GpuWorkerCommand>> behind) {
    List<ActorRef<GpuWorkerCommand>> whole = skipped ? deliveries.workers() : behind;
    if (!whole.isEmpty()) {
      requireIntact();
    }
    if (skipped) {
      deliveries.sendWholeToAll();
    } else {
      deliveries.sendChange(whole);
    }
  }

  /** A damaged state that left whole would be refused by every worker, without an end. */
  private void requireIntact() {
    watched(state::requireIntact);
  }

  /** Says what was found of damage before the shard ends by it. */
  private void watched(Runnable work) {
    try {
      work.run();
    } catch (DamagedStateException e) {
      trainer()
          .tell(
              new TrainerCommand.Damaged(
                  term(), e.getMessage() + "; going back to the newest checkpoint"));
      throw e;
    }
  }

  /** Sends what workers take now; returns whether something is left. */
  boolean advance() {
    return deliveries.advance();
  }

  /** Sends nothing more, and gives the memory of all results back. */
  void close() {
    deliveries.close();
    intakes.values().forEach(this::close);
    intakes.clear();
  }

  private void close(StepIntake intake) {
    if (intake != null) {
      intake.close();
      intake.parts().forEach(this::recycle);
    }
  }

  private void recycle(ResultParts parts) {
    ResultInbox inbox = means.inbox();
    means.streams().execute(() -> inbox.recycle(fence, parts));
  }
}
