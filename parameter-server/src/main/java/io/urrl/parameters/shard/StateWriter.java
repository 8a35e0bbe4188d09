package io.urrl.parameters.shard;

import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.parameters.DamagedStateException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Writes copies of a shard's state as checkpoints, one at a time, and answers again what it has
 * answered. Frees the state when nothing is written any more. For the shard's thread.
 */
final class StateWriter implements AutoCloseable {

  /**
   * How a checkpoint went.
   *
   * @param snapshot that was written; null when there was none
   * @param message for the trainer
   */
  record Outcome(Snapshots.Snapshot snapshot, TrainerCommand message) {}

  private final ShardState state;
  private CompletableFuture<Outcome> writing = CompletableFuture.completedFuture(null);

  /** Until the end of what is written was told here. */
  private boolean busy;

  private TrainerCommand.CheckpointWritten last;

  StateWriter(ShardState state) {
    this.state = state;
  }

  /**
   * Writes the copy of a version; where none was kept and the state is at that version, one is kept
   * now.
   *
   * @return what will have come of it; empty while another is under way, and for one that is
   */
  Optional<CompletionStage<Outcome>> begin(long version, Executor executor) {
    if (busy) {
      return Optional.empty();
    }
    if (last != null && last.version() == version) {
      return Optional.of(CompletableFuture.completedFuture(new Outcome(null, last)));
    }
    if (!state.hasSnapshot(version) && state.version() == version) {
      state.keepSnapshot();
    }
    Optional<Snapshots.Snapshot> kept = state.beginWriting(version);
    if (kept.isEmpty()) {
      return Optional.of(
          CompletableFuture.completedFuture(
              new Outcome(
                  null,
                  new TrainerCommand.CheckpointDropped(
                      version, "no copy of the state at step " + version + " was kept"))));
    }
    busy = true;
    writing = CompletableFuture.supplyAsync(() -> write(kept.get()), executor);
    return Optional.of(writing);
  }

  private Outcome write(Snapshots.Snapshot snapshot) {
    long version = snapshot.state().version();
    try {
      return new Outcome(
          snapshot, new TrainerCommand.CheckpointWritten(version, state.write(snapshot)));
    } catch (DamagedStateException e) {
      return new Outcome(snapshot, new TrainerCommand.CheckpointDropped(version, e.getMessage()));
    } catch (RuntimeException | Error e) {
      return new Outcome(
          snapshot, new TrainerCommand.CheckpointFailed(version, String.valueOf(e.getMessage())));
    }
  }

  /** Takes the copy's memory back. */
  void end(Outcome outcome) {
    if (outcome.snapshot() != null) {
      busy = false;
      state.endWriting(outcome.snapshot());
    }
    if (outcome.message() instanceof TrainerCommand.CheckpointWritten written) {
      last = written;
      state.saved(written.version(), written.path());
    }
  }

  /** Frees the state as soon as nobody reads it. */
  @Override
  public void close() {
    writing = writing.whenComplete((outcome, failure) -> state.close());
  }
}
