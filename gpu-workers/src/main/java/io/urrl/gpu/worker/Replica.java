package io.urrl.gpu.worker;

import io.urrl.actors.fault.BitFlips;
import io.urrl.actors.objective.Companion;
import io.urrl.actors.objective.Objective;
import io.urrl.actors.objective.RowRing;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.tensor.MomentumUpdate;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.gpu.pretext.MicroBatchResult;
import io.urrl.gpu.pretext.Pretext;
import io.urrl.gpu.pretext.PretextEngine;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A worker's copy of the run's state at one version: all that the objective gives to replicas.
 *
 * <p>Versions arrive as what changed. A momentum encoder is not sent: the replica computes the
 * moving average with the server's own kernel, from the same bits to the same bits.
 */
final class Replica implements AutoCloseable {
  private PretextEngine engine;
  private RunBrief brief;
  private Pretext pretext;

  /** By the companions' indices; null for those that replicas do not hold. */
  private List<RowRing> rings = List.of();

  private long[] companionDigests = {};
  private long version = -1;

  /** How the shards of the term cut the parameters. */
  private List<TensorLayout.Slice> slices = List.of();

  /** Digests of each slice's parameters at its shard. */
  private long[] parameterDigests = {};

  /** Digests of all that replicas hold of each shard's part, at the shard. */
  private long[] bases = {};

  /**
   * What a reading of the replica's memory found.
   *
   * @param drift what is not as at the shards, for people; empty when all is
   * @param digest of all that replicas hold, however many shards it came from
   */
  record Reading(Optional<String> drift, long digest) {}

  Replica(PretextEngine engine) {
    this.engine = engine;
  }

  /** Whether this worker computes the run's bits, once it has the run's number of threads. */
  boolean computesAs(RunBrief run) {
    engine = engine.withThreads(run.tensorThreads());
    return run.probe() == 0 || engine.probe() == run.probe();
  }

  /**
   * Prepares for a term of a run; its state is unknown until a whole version arrives.
   *
   * @param shards that the parameters come from
   */
  void begin(RunBrief next, int shards) {
    boolean same =
        brief != null
            && brief.encoder().equals(next.encoder())
            && brief.objective().equals(next.objective())
            && brief.plan().microBatch() == next.plan().microBatch()
            && brief.plan().groups() == next.plan().groups()
            && brief.views().imageSize() == next.views().imageSize();
    version = -1;
    brief = next;
    if (!same) {
      close();
      pretext = engine.open(next);
      rings = rings();
      companionDigests = new long[rings.size()];
    }
    slices = TensorLayout.split(pretext.parameters().byteSize() / Float.BYTES, shards);
    parameterDigests = new long[shards];
    bases = new long[shards];
  }

  private List<RowRing> rings() {
    List<RowRing> all = new ArrayList<>();
    for (Companion companion : brief.objective().companions()) {
      all.add(
          companion instanceof Companion.Queue queue
              ? new RowRing(pretext.companion(all.size()), queue.width())
              : null);
    }
    return all;
  }

  String device() {
    return engine.describe();
  }

  /** Optimiser steps that the parameters have seen, -1 before the first whole version. */
  long version() {
    return version;
  }

  /** How the parameters, and so a gradient, are cut, in order. */
  List<TensorLayout.Slice> slices() {
    return slices;
  }

  /**
   * Buffers for the versions of a term: one more than may lie unread at a time, since a worker that
   * computes a micro-batch of step t meets versions up to t. Of several shards one may begin to
   * send the next version while another has not ended the one before.
   */
  List<StagedVersion> stagingBuffers(Fence fence) {
    List<Long> companions =
        IntStream.range(0, rings.size())
            .mapToObj(index -> rings.get(index) == null ? 0 : pretext.companion(index).byteSize())
            .toList();
    return Stream.generate(
            () ->
                new StagedVersion(
                    fence, slices, brief.objective().hasMomentumEncoder(), companions))
        .limit(brief.staleness() + (slices.size() > 1 ? 3L : 2L))
        .toList();
  }

  /** Takes over a version: the whole state, or the step after the present one. */
  void advance(StagedVersion staged) {
    MemorySegment parameters =
        staged.exchangeParameters(pretext.exchangeParameters(staged.parameters()));
    for (int slice = 0; slice < slices.size(); slice++) {
      StagedSlice part = staged.slices().get(slice);
      parameterDigests[slice] = part.parametersDigest();
      bases[slice] = part.basis();
      if (brief.objective().hasMomentumEncoder()) {
        followMomentum(part, staged.momentumEncoder(), parameters);
      }
    }
    StagedSlice first = staged.first();
    for (int index : brief.objective().replicated()) {
      RowRing ring = rings.get(index);
      if (first.whole()) {
        pretext.companion(index).copyFrom(first.companion(index));
        ring.pointer(first.position(index));
      } else {
        ring.add(first.companion(index));
      }
      companionDigests[index] = first.companionDigest(index);
    }
    version = staged.version();
    BitFlips.at(BitFlips.Stage.PARAMETERS, version, pretext.parameters());
  }

  private void followMomentum(StagedSlice part, MemorySegment whole, MemorySegment parameters) {
    TensorLayout.Slice slice = part.slice();
    if (part.whole()) {
      slice.of(pretext.momentumEncoder()).copyFrom(slice.of(whole));
    } else {
      MomentumUpdate.follow(
          pretext.momentumEncoder(),
          parameters,
          brief.objective().encoderMomentum(),
          slice.from(),
          slice.to());
    }
  }

  /**
   * Digest of all that replicas hold of a shard's part, at the shard, for the present version.
   *
   * @param slice the shard's slice
   */
  long basis(int slice) {
    return bases[slice];
  }

  /**
   * Reads all of the state and holds it against the shards' digests: what is intact after a
   * micro-batch was so while it was computed.
   */
  Reading read() {
    Objective objective = brief.objective();
    long[] companions =
        IntStream.of(objective.replicated())
            .mapToLong(index -> TensorDigest.of(pretext.companion(index)))
            .toArray();
    TensorDigest allParameters = new TensorDigest();
    TensorDigest allMomentum = new TensorDigest();
    Optional<String> drift = Optional.empty();
    for (int slice = 0; slice < slices.size(); slice++) {
      TensorDigest parameters = digest(pretext.parameters(), slice);
      TensorDigest momentum = digest(pretext.momentumEncoder(), slice);
      allParameters.append(parameters);
      allMomentum.append(momentum);
      long found =
          combined(parameters.value(), momentum.value(), slice == 0 ? companions : new long[0]);
      if (found != bases[slice] && drift.isEmpty()) {
        drift = Optional.of(drifted(slice, parameters.value(), companions));
      }
    }
    return new Reading(drift, combined(allParameters.value(), allMomentum.value(), companions));
  }

  private TensorDigest digest(MemorySegment flat, int slice) {
    TensorDigest digest = new TensorDigest();
    if (flat.byteSize() > 0) {
      digest.add(slices.get(slice).of(flat));
    }
    return digest;
  }

  private long combined(long parameters, long momentumEncoder, long[] companions) {
    LongStream.Builder digests = LongStream.builder().add(parameters);
    if (brief.objective().hasMomentumEncoder()) {
      digests.add(momentumEncoder);
    }
    LongStream.of(companions).forEach(digests::add);
    return TensorDigest.combine(digests.build().toArray());
  }

  private String drifted(int slice, long parameters, long[] companions) {
    if (parameters != parameterDigests[slice]) {
      return "encoder";
    }
    int[] replicated = brief.objective().replicated();
    return IntStream.range(0, slice == 0 ? companions.length : 0)
        .filter(at -> companions[at] != companionDigests[replicated[at]])
        .mapToObj(at -> brief.objective().companions().get(replicated[at]).name())
        .findFirst()
        .orElse("momentum encoder");
  }

  /** Forward and backward of one micro-batch at the present version. */
  MicroBatchResult run(List<MemorySegment> views) {
    return pretext.run(views);
  }

  @Override
  public void close() {
    if (pretext != null) {
      pretext.close();
      pretext = null;
    }
  }
}
