package io.urrl.parameters.shard;

import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.parameters.DamagedStateException;
import io.urrl.parameters.checkpoint.CheckpointStore;
import io.urrl.parameters.checkpoint.SupersededException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Writes copies of a shard's state as checkpoints or their slices, one at a time, and answers again
 * what it has answered. Frees the state when nothing is written any more. For the shard's thread.
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
  private final ActorRef<ShardCommand> shard;
  private CompletableFuture<Outcome> writing = CompletableFuture.completedFuture(null);

  /** Until the end of what is written was told here. */
  private boolean busy;

  /** What was written last; null before. */
  private TrainerCommand last;

  /**
   * @param shard whose state it is
   */
  StateWriter(ShardState state, ActorRef<ShardCommand> shard) {
    this.state = state;
    this.shard = shard;
  }

  /**
   * Writes the copy of a version; where none was kept and the state is at that version, one is kept
   * now.
   *
   * @param writer in whose term it is written
   * @return what will have come of it; empty while another is under way, and for one that is
   */
  Optional<CompletionStage<Outcome>> begin(
      CheckpointStore.Writer writer, long version, Executor executor) {
    if (busy) {
      return Optional.empty();
    }
    Optional<TrainerCommand> known = known(writer.term(), version);
    if (known.isPresent()) {
      return Optional.of(CompletableFuture.completedFuture(new Outcome(null, known.get())));
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
                      writer.term(),
                      version,
                      "no copy of the state at step " + version + " was kept"))));
    }
    busy = true;
    writing = CompletableFuture.supplyAsync(() -> write(writer, kept.get()), executor);
    return Optional.of(writing);
  }

  /** The answer for what was written last. A slice serves its own term's checkpoint alone. */
  private Optional<TrainerCommand> known(int term, long version) {
    return switch (last) {
      case TrainerCommand.CheckpointWritten written when written.version() == version ->
          Optional.of(new TrainerCommand.CheckpointWritten(term, version, written.path()));
      case TrainerCommand.SliceWritten slice
          when slice.version() == version && slice.term() == term ->
          Optional.of(slice);
      case null, default -> Optional.empty();
    };
  }

  private Outcome write(CheckpointStore.Writer writer, Snapshots.Snapshot snapshot) {
    int term = writer.term();
    long version = snapshot.state().version();
    try {
      if (state.share().isFirst()) {
        String path = state.write(writer, snapshot);
        return new Outcome(snapshot, new TrainerCommand.CheckpointWritten(term, version, path));
      }
      state.writeSlice(writer, snapshot);
      return new Outcome(snapshot, new TrainerCommand.SliceWritten(shard, term, version));
    } catch (DamagedStateException | SupersededException e) {
      return new Outcome(
          snapshot, new TrainerCommand.CheckpointDropped(term, version, e.getMessage()));
    } catch (RuntimeException | Error e) {
      return new Outcome(
          snapshot,
          new TrainerCommand.CheckpointFailed(term, version, String.valueOf(e.getMessage())));
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
    } else if (outcome.message() instanceof TrainerCommand.SliceWritten slice) {
      last = slice;
    }
  }

  /** Frees the state as soon as nobody reads it. */
  @Override
  public void close() {
    writing = writing.whenComplete((outcome, failure) -> state.close());
  }
}
