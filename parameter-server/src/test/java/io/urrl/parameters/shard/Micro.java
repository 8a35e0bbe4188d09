package io.urrl.parameters.shard;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.ResultBytes;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.ChunkKind;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.parameters.StateLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;

/** A run of two micro-batches a step that is a few bytes large, and what its workers would send. */
final class Micro {
  static final int MICRO_BATCHES = 2;
  static final int DIM = 3;
  static final StateLayout LAYOUT =
      new StateLayout(
          TensorLayout.builder().add("w", 30).build(),
          TensorLayout.builder().add("bn.running_mean", 2).add("bn.running_var", 2).build(),
          8,
          DIM);
  static final RunBrief BRIEF =
      new RunBrief(
          7,
          new RunPlan(11, true, 40, 2, 0, 4, 2, 1),
          new RunBrief.ViewBrief("toy", "toy", 2),
          new RunBrief.EncoderBrief("toy", 1, "toy", 0, DIM),
          8,
          0.9f,
          0.2f,
          0,
          1,
          0);
  static final long GRADIENT_BYTES = LAYOUT.parameters().byteSize();
  static final long KEY_BYTES = 2L * DIM * Float.BYTES;
  static final long STATISTIC_BYTES = 2 * LAYOUT.buffers().byteSize();

  private Micro() {}

  /** Floats that depend on a seed. */
  static MemorySegment floats(long bytes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MemorySegment floats = Arena.ofAuto().allocate(bytes, 64);
    for (long i = 0; i < bytes / Float.BYTES; i++) {
      floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(0.1, 1));
    }
    return floats;
  }

  static Result result(long step, int index, int attempt, String nonFinite) {
    return new Result(
        new MicroBatchId(step, index),
        attempt,
        "worker",
        step,
        1,
        0.5,
        nonFinite,
        7,
        List.of(),
        new Result.Digests(1, 2, 3),
        new Result.Waits(0, 0, 0, 0),
        new Result.Backlog(0, 0));
  }

  static ChunkId id(ChunkKind kind, int term, Result result) {
    return new ChunkId(kind, term, result.id().step(), result.id().index(), result.attempt(), 0, 0);
  }

  /** One part of what a worker sends, and the digest that goes with it. */
  record Part(ChunkKind kind, MemorySegment bytes, long digest) {
    Part(ChunkKind kind, MemorySegment bytes) {
      this(kind, bytes, TensorDigest.of(bytes));
    }

    /** The same, as if a bit had changed on its way. */
    Part damaged() {
      return new Part(kind, bytes, digest + 1);
    }

    Provenance provenance(long basis) {
      return new Provenance(digest, basis, 0);
    }
  }

  /** All that a worker sends of a micro-batch: the same bytes whichever attempt it is. */
  static List<Part> parts(Result result) {
    MemorySegment written = MemorySegment.ofArray(ResultBytes.of(result));
    Part report =
        new Part(
            ChunkKind.REPORT, Arena.ofAuto().allocate(written.byteSize(), 64).copyFrom(written));
    if (!result.finite()) {
      return List.of(report);
    }
    long seed = result.id().step() * 100 + result.id().index();
    return List.of(
        new Part(ChunkKind.GRADIENT, floats(GRADIENT_BYTES, seed)),
        new Part(ChunkKind.KEYS, floats(KEY_BYTES, seed + 10)),
        new Part(ChunkKind.STATISTICS, floats(STATISTIC_BYTES, seed + 20)),
        report);
  }
}
