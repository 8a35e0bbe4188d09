package io.urrl.parameters.shard;

import io.urrl.actors.objective.Objective;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.parameters.CompanionState;
import io.urrl.parameters.ParallelRanges;
import io.urrl.parameters.ParameterState;
import io.urrl.parameters.SegmentPool;
import io.urrl.parameters.SgdKernel;
import io.urrl.parameters.Share;
import io.urrl.parameters.StateDigests;
import io.urrl.parameters.StateLayout;
import io.urrl.parameters.WatchedState;
import io.urrl.parameters.checkpoint.CheckpointException;
import io.urrl.parameters.checkpoint.CheckpointState;
import io.urrl.parameters.checkpoint.CheckpointStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a shard owns, and how a step changes it. For the shard's thread, but for {@link #write} and
 * {@link #writeSlice}, which read a snapshot alone.
 */
public final class ShardState implements AutoCloseable {

  /** Makes a shard's state when a term is opened. */
  @FunctionalInterface
  public interface Opener {
    /**
     * Loads the state that a term begins with.
     *
     * @throws IllegalStateException with a text for people when it cannot be loaded
     */
    ShardState open(Origin origin);
  }

  /**
   * Which state a shard begins a term with.
   *
   * @param share the shard's part
   * @param version of the checkpoint, 0 for a fresh state where there is no such checkpoint; {@link
   *     ShardCommand.OpenTerm#NEWEST} for the newest whole one, or else a fresh state
   * @param tidy whether what killed processes left among the checkpoints is removed before
   */
  public record Origin(Share share, long version, boolean tidy) {}

  /**
   * What is fixed for a run.
   *
   * @param layout names and sizes of everything
   * @param momentum of SGD
   * @param weightDecay of SGD
   * @param threads that an update is spread over
   * @param architecture the network, for people
   * @param product name and version of the program
   * @param plan fields of the run plan, for people
   */
  public record Facts(
      StateLayout layout,
      double momentum,
      double weightDecay,
      int threads,
      String architecture,
      String product,
      Map<String, String> plan) {}

  private final Facts facts;
  private final Share share;
  private final CheckpointStore store;
  private final ParameterState state;
  private final ParallelRanges ranges;
  private final SegmentPool gradients;
  private final String origin;
  private final WatchedState watched;
  private final Snapshots snapshots;

  /** What the newest step added to each companion that replicas hold, by index. */
  private final MemorySegment[] takenIn;

  private long saved;
  private String checkpoint;

  private ShardState(
      Facts facts,
      Share share,
      CheckpointStore store,
      ParameterState state,
      String origin,
      String checkpoint) {
    this.facts = facts;
    this.share = share;
    this.store = store;
    this.state = state;
    this.origin = origin;
    watched = new WatchedState(state);
    snapshots = new Snapshots(() -> share.allocate(facts.layout()));
    ranges = new ParallelRanges(facts.threads());
    takenIn = new MemorySegment[facts.layout().objective().companions().size()];
    gradients = new SegmentPool(state.slice().length());
    this.checkpoint = checkpoint;
    saved = state.version();
  }

  /**
   * Loads a part of a checkpoint of {@code store}, or of a fresh state.
   *
   * @param fresh fills a new state's parameters and companions; a momentum encoder starts as the
   *     parameters' copy
   * @param damaged hears of checkpoints that are passed over
   * @throws IllegalStateException with a text for people when it cannot be loaded
   */
  public static ShardState open(
      Facts facts,
      Origin origin,
      CheckpointStore store,
      Consumer<ParameterState> fresh,
      Consumer<CheckpointStore.Damage> damaged) {
    if (origin.share().of(facts.layout()).length() == 0) {
      throw new IllegalStateException(
          "%d parameters cannot be cut into %d slices; set parameters.slices to fewer"
              .formatted(facts.layout().parameters().size(), origin.share().count()));
    }
    ParameterState whole = ParameterState.whole(facts.layout());
    try {
      if (origin.tidy()) {
        store.tidy();
      }
      Optional<Path> checkpoint = checkpoint(origin.version(), store, damaged);
      if (checkpoint.isPresent()) {
        CheckpointStore.restore(checkpoint.get(), whole);
      } else {
        fresh.accept(whole);
        if (facts.layout().objective().hasMomentumEncoder()) {
          whole.momentumEncoder().copyFrom(whole.parameters());
        }
      }
      String path = checkpoint.map(Path::toString).orElse("");
      return new ShardState(
          facts,
          origin.share(),
          store,
          partOf(whole, origin.share()),
          path.isEmpty() ? "a fresh start" : path,
          path);
    } catch (CheckpointException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** Empty for a fresh state. */
  private static Optional<Path> checkpoint(
      long version, CheckpointStore store, Consumer<CheckpointStore.Damage> damaged)
      throws CheckpointException {
    if (version == ShardCommand.OpenTerm.NEWEST) {
      return store.newestWhole(damaged);
    }
    List<CheckpointStore.Damage> found = new ArrayList<>();
    Optional<Path> checkpoint = store.wholeAt(version, found::add);
    if (checkpoint.isEmpty() && version > 0) {
      throw new CheckpointException(
          found.getFirst().reason()
              + ", while another parameter shard reads that checkpoint: all parameters nodes need"
              + " the same storage");
    }
    return checkpoint;
  }

  /** Frees the whole, where only a part of it is wanted. */
  private static ParameterState partOf(ParameterState whole, Share share) {
    if (share.isWhole()) {
      return whole;
    }
    ParameterState part = share.allocate(whole.layout());
    part.copyFrom(whole);
    whole.close();
    return part;
  }

  /** The shard's part of the whole. */
  Share share() {
    return share;
  }

  long version() {
    return state.version();
  }

  String origin() {
    return origin;
  }

  /** Version of the newest whole checkpoint, 0 when there is none. */
  long saved() {
    return saved;
  }

  /** Directory of that checkpoint, empty when there is none. */
  String checkpoint() {
    return checkpoint;
  }

  /** A checkpoint of a version is whole on disk. */
  void saved(long version, String directory) {
    if (version >= saved) {
      saved = version;
      checkpoint = directory;
    }
  }

  SegmentPool gradients() {
    return gradients;
  }

  /** What the run trains for. */
  Objective objective() {
    return facts.layout().objective();
  }

  /** Indices of the companions that replicas hold and that lie here. */
  int[] replicated() {
    return share.isFirst() ? objective().replicated() : new int[0];
  }

  /** Bytes of what a micro-batch sends for each companion that lies here. */
  List<Long> contributionBytes(RunBrief brief) {
    if (!share.isFirst()) {
      return List.of();
    }
    long buffers = facts.layout().buffers().size();
    return objective().companions().stream()
        .map(companion -> companion.contribution(brief.plan(), buffers) * Float.BYTES)
        .toList();
  }

  /**
   * One optimiser step from the sum of its gradients, then what its micro-batches contribute, in
   * their order.
   *
   * @throws io.urrl.parameters.DamagedStateException when memory changed since the last step
   */
  void apply(StepIntake step, double rate) {
    SgdKernel.Rule rule =
        new SgdKernel.Rule(
            1.0 / step.parts().size(),
            rate,
            facts.momentum(),
            facts.weightDecay(),
            objective().encoderMomentum());
    List<List<MemorySegment>> contributions =
        step.parts().stream().map(ResultParts::contributions).toList();
    watched.step(rule, step.sum(), contributions, ranges);
    for (int index : replicated()) {
      keepTakenIn(index, contributions);
    }
  }

  private void keepTakenIn(int index, List<List<MemorySegment>> contributions) {
    long bytes = contributions.stream().mapToLong(all -> all.get(index).byteSize()).sum();
    if (takenIn[index] == null || takenIn[index].byteSize() != bytes) {
      takenIn[index] = Arena.ofAuto().allocate(bytes, 64);
    }
    long at = 0;
    for (List<MemorySegment> all : contributions) {
      MemorySegment contribution = all.get(index);
      takenIn[index].asSlice(at, contribution.byteSize()).copyFrom(contribution);
      at += contribution.byteSize();
    }
  }

  /**
   * Reads all of the state.
   *
   * @throws io.urrl.parameters.DamagedStateException when memory changed since the last step
   */
  void requireIntact() {
    watched.requireIntact();
  }

  /** Digests of the state at the present version. */
  StateDigests digests() {
    return watched.digests();
  }

  /** Counts a step that leaves everything as it is. */
  void skip() {
    state.version(state.version() + 1);
  }

  MemorySegment parameters() {
    return state.parameters();
  }

  MemorySegment momentumEncoder() {
    return state.momentumEncoder();
  }

  CompanionState companion(int index) {
    return state.companions().get(index);
  }

  /** What the newest step added to a companion that replicas hold, in order. */
  MemorySegment takenIn(int index) {
    return takenIn[index];
  }

  /** Copies everything aside for {@link #beginWriting}. */
  void keepSnapshot() {
    snapshots.keep(state, watched.digests());
  }

  /** Whether the copy of a version waits to be written. */
  boolean hasSnapshot(long version) {
    return snapshots.has(version);
  }

  /**
   * Takes the copy of a version for {@link #write}: nothing changes it until {@link #endWriting}.
   *
   * @return empty when no copy of that version was kept
   */
  Optional<Snapshots.Snapshot> beginWriting(long version) {
    return snapshots.take(version);
  }

  /** Takes the copy's memory back. */
  void endWriting(Snapshots.Snapshot written) {
    snapshots.giveBack(written);
  }

  /**
   * Writes a copy as a checkpoint, together with the slices that the other shards have written, and
   * reads it again before it counts as one. For any thread.
   *
   * @return the checkpoint's directory
   * @throws IllegalStateException with a text for people when it cannot be written
   * @throws io.urrl.parameters.DamagedStateException when the copy changed meanwhile
   * @throws io.urrl.parameters.checkpoint.SupersededException when the term is over
   */
  String write(CheckpointStore.Writer writer, Snapshots.Snapshot snapshot) {
    long version = snapshot.state().version();
    CheckpointState description =
        new CheckpointState(version, version, facts.architecture(), facts.product(), facts.plan());
    try {
      Path written =
          share.isWhole()
              ? store.write(writer, snapshot.state(), snapshot.digests(), description)
              : store.gather(
                  writer, snapshot.state(), snapshot.digests(), share.count(), description);
      return written.toString();
    } catch (CheckpointException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /**
   * Writes a copy for the first slice's shard to gather. For any thread.
   *
   * @throws IllegalStateException with a text for people when it cannot be written
   * @throws io.urrl.parameters.DamagedStateException when the copy changed meanwhile
   */
  void writeSlice(CheckpointStore.Writer writer, Snapshots.Snapshot snapshot) {
    try {
      store.writeSlice(writer, share, snapshot.state(), snapshot.digests());
    } catch (CheckpointException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    ranges.close();
    state.close();
    snapshots.close();
  }
}
