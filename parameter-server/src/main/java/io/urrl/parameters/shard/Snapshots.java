package io.urrl.parameters.shard;

import io.urrl.parameters.ParameterState;
import io.urrl.parameters.StateDigests;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Copies of a state that wait to be written, or are being written. What is being written is not
 * changed: a copy that is kept meanwhile goes into other memory. At most one waits; a newer one
 * takes its place. For the shard's thread.
 */
final class Snapshots implements AutoCloseable {

  /** A copy and the digests of all that it holds. */
  record Snapshot(ParameterState state, StateDigests digests) {}

  private final Supplier<ParameterState> room;
  private final List<ParameterState> free = new ArrayList<>();
  private final Set<Snapshot> writing = new HashSet<>();
  private Snapshot waiting;

  /**
   * @param room allocates a state that takes such a copy
   */
  Snapshots(Supplier<ParameterState> room) {
    this.room = room;
  }

  /** Copies {@code state} aside. */
  void keep(ParameterState state, StateDigests digests) {
    if (waiting != null) {
      free.add(waiting.state());
    }
    ParameterState target = free.isEmpty() ? room.get() : free.removeLast();
    state.copyTo(target);
    waiting = new Snapshot(target, digests);
  }

  /** Whether the copy of a version waits. */
  boolean has(long version) {
    return waiting != null && waiting.state().version() == version;
  }

  /** The copy of a version, if it waits; it is being written from now on. */
  Optional<Snapshot> take(long version) {
    if (!has(version)) {
      return Optional.empty();
    }
    Snapshot taken = waiting;
    waiting = null;
    writing.add(taken);
    return Optional.of(taken);
  }

  /** Takes the memory of a copy back that was written. */
  void giveBack(Snapshot written) {
    if (writing.remove(written)) {
      free.add(written.state());
    }
  }

  /** Frees the memory of all copies. */
  @Override
  public void close() {
    free.forEach(ParameterState::close);
    if (waiting != null) {
      waiting.state().close();
    }
    writing.forEach(snapshot -> snapshot.state().close());
  }
}
