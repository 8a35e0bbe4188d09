package io.urrl.gpu.worker;

import io.urrl.actors.fault.BitFlips;
import io.urrl.actors.objective.Companion;
import io.urrl.actors.objective.Objective;
import io.urrl.actors.objective.RowRing;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.tensor.MomentumUpdate;
import io.urrl.actors.tensor.TensorDigest;
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
  private long parametersDigest;
  private long stateDigest;

  Replica(PretextEngine engine) {
    this.engine = engine;
  }

  /** Whether this worker computes the run's bits, once it has the run's number of threads. */
  boolean computesAs(RunBrief run) {
    engine = engine.withThreads(run.tensorThreads());
    return run.probe() == 0 || engine.probe() == run.probe();
  }

  /** Prepares for a run; its state is unknown until a whole version arrives. */
  void begin(RunBrief next) {
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

  /** Bytes of the flat parameters, and so of a gradient. */
  long parameterBytes() {
    return pretext.parameters().byteSize();
  }

  /**
   * Buffers for the versions of a term: one more than may lie unread at a time, since a worker that
   * computes a micro-batch of step t meets versions up to t.
   */
  List<StagedVersion> stagingBuffers(Fence fence) {
    List<Long> companions =
        IntStream.range(0, rings.size())
            .mapToObj(index -> rings.get(index) == null ? 0 : pretext.companion(index).byteSize())
            .toList();
    return Stream.generate(
            () ->
                new StagedVersion(
                    fence, parameterBytes(), pretext.momentumEncoder().byteSize(), companions))
        .limit(brief.staleness() + 2L)
        .toList();
  }

  /** Takes over a version: the whole state, or the step after the present one. */
  void advance(StagedVersion staged) {
    MemorySegment parameters =
        staged.exchangeParameters(pretext.exchangeParameters(staged.parameters()));
    if (staged.whole()) {
      pretext.momentumEncoder().copyFrom(staged.momentumEncoder());
    } else if (brief.objective().hasMomentumEncoder()) {
      MomentumUpdate.follow(
          pretext.momentumEncoder(), parameters, brief.objective().encoderMomentum());
    }
    for (int index : brief.objective().replicated()) {
      RowRing ring = rings.get(index);
      if (staged.whole()) {
        pretext.companion(index).copyFrom(staged.companion(index));
        ring.pointer(staged.position(index));
      } else {
        ring.add(staged.companion(index));
      }
      companionDigests[index] = staged.companionDigest(index);
    }
    version = staged.version();
    parametersDigest = staged.parametersDigest();
    stateDigest = staged.stateDigest();
    BitFlips.at(BitFlips.Stage.PARAMETERS, version, pretext.parameters());
  }

  /** Digest of all that replicas hold, at the shard, for the present version. */
  long stateDigest() {
    return stateDigest;
  }

  /**
   * What of the state is not what it is at the shard, for people; empty when all is. Reads all of
   * it: what was intact after a micro-batch was so while it was computed.
   */
  Optional<String> drift() {
    Objective objective = brief.objective();
    long parameters = TensorDigest.of(pretext.parameters());
    LongStream.Builder digests = LongStream.builder().add(parameters);
    if (objective.hasMomentumEncoder()) {
      digests.add(TensorDigest.of(pretext.momentumEncoder()));
    }
    String part = parameters == parametersDigest ? "momentum encoder" : "encoder";
    for (int index : objective.replicated()) {
      long digest = TensorDigest.of(pretext.companion(index));
      digests.add(digest);
      if (digest != companionDigests[index] && parameters == parametersDigest) {
        part = objective.companions().get(index).name();
      }
    }
    return TensorDigest.combine(digests.build().toArray()) == stateDigest
        ? Optional.empty()
        : Optional.of(part);
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
