package io.urrl.gpu.worker;

import io.urrl.actors.fault.BitFlips;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.tensor.MomentumUpdate;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.gpu.pretext.MicroBatchResult;
import io.urrl.gpu.pretext.Pretext;
import io.urrl.gpu.pretext.PretextEngine;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A worker's copy of the run's state at one version: both encoders and the negative queue.
 *
 * <p>Versions arrive as what changed. The key encoder's moving average is not sent: the replica
 * computes it with the server's own kernel, from the same bits to the same bits.
 */
final class Replica implements AutoCloseable {
  private PretextEngine engine;
  private RunBrief brief;
  private Pretext pretext;
  private long version = -1;
  private long pointer;
  private long queryDigest;
  private long queueDigest;
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
            && brief.queue() == next.queue()
            && brief.temperature() == next.temperature()
            && brief.plan().microBatch() == next.plan().microBatch()
            && brief.plan().groups() == next.plan().groups()
            && brief.views().imageSize() == next.views().imageSize();
    version = -1;
    brief = next;
    if (!same) {
      close();
      pretext = engine.open(next);
    }
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
    return pretext.queryParameters().byteSize();
  }

  /**
   * Buffers for the versions of a term: one more than may lie unread at a time, since a worker that
   * computes a micro-batch of step t meets versions up to t.
   */
  List<StagedVersion> stagingBuffers(int term) {
    return Stream.generate(
            () -> new StagedVersion(term, parameterBytes(), pretext.queue().byteSize()))
        .limit(brief.staleness() + 2L)
        .toList();
  }

  /** Takes over a version: the whole state, or the step after the present one. */
  void advance(StagedVersion staged) {
    MemorySegment query = staged.exchangeQuery(pretext.exchangeQueryParameters(staged.query()));
    MemorySegment key = pretext.keyParameters();
    if (staged.whole()) {
      key.copyFrom(staged.key());
      pretext.queue().copyFrom(staged.rows());
      pointer = staged.pointer();
    } else {
      MomentumUpdate.follow(key, query, brief.momentum());
      enqueue(staged.rows());
    }
    version = staged.version();
    queryDigest = staged.queryDigest();
    queueDigest = staged.queueDigest();
    stateDigest = staged.stateDigest();
    BitFlips.at(BitFlips.Stage.PARAMETERS, version, pretext.queryParameters());
  }

  /** Digest of query encoder, key encoder and queue at the shard, for the present version. */
  long stateDigest() {
    return stateDigest;
  }

  /**
   * What of the state is not what it is at the shard, for people; empty when all is. Reads all of
   * it: what was intact after a micro-batch was so while it was computed.
   */
  Optional<String> drift() {
    long query = TensorDigest.of(pretext.queryParameters());
    long queue = TensorDigest.of(pretext.queue());
    long key = TensorDigest.of(pretext.keyParameters());
    if (TensorDigest.combine(query, key, queue) == stateDigest) {
      return Optional.empty();
    }
    return Optional.of(
        query != queryDigest
            ? "query encoder"
            : queue != queueDigest ? "negative queue" : "key encoder");
  }

  private void enqueue(MemorySegment rows) {
    long rowBytes = (long) brief.encoder().dim() * Float.BYTES;
    long count = rows.byteSize() / rowBytes;
    for (long row = 0; row < count; row++) {
      MemorySegment.copy(rows, row * rowBytes, pretext.queue(), pointer * rowBytes, rowBytes);
      pointer = (pointer + 1) % brief.queue();
    }
  }

  /** Forward and backward of one micro-batch at the present version. */
  MicroBatchResult run(MemorySegment queryViews, MemorySegment keyViews) {
    return pretext.run(queryViews, keyViews);
  }

  @Override
  public void close() {
    if (pretext != null) {
      pretext.close();
      pretext = null;
    }
  }
}
