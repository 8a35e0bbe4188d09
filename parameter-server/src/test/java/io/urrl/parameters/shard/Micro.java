package io.urrl.parameters.shard;

import io.urrl.actors.objective.Moco;
import io.urrl.actors.objective.Objective;
import io.urrl.actors.objective.Parts;
import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.ResultBytes;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.parameters.Share;
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
  static final Objective OBJECTIVE = Moco.of(8, DIM, 0.9f, 0.2f);
  static final StateLayout LAYOUT =
      new StateLayout(
          TensorLayout.builder().add("w", 30).build(),
          TensorLayout.builder().add("bn.running_mean", 2).add("bn.running_var", 2).build(),
          OBJECTIVE);
  static final RunBrief BRIEF =
      new RunBrief(
          7,
          new RunPlan(11, true, 40, 2, 0, 4, 2, 1),
          new RunBrief.ViewBrief(DataSet.unchecked("toy"), "toy", 2),
          new RunBrief.EncoderBrief("toy", 1, "toy", 0, DIM),
          OBJECTIVE,
          0,
          1,
          0);
  static final long GRADIENT_BYTES = LAYOUT.parameters().byteSize();
  static final long KEY_BYTES = 2L * DIM * Float.BYTES;
  static final long STATISTIC_BYTES = LAYOUT.buffers().byteSize();
  static final List<Long> CONTRIBUTION_BYTES = List.of(KEY_BYTES, STATISTIC_BYTES, STATISTIC_BYTES);

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

  static ChunkId id(int part, int term, Result result) {
    return new ChunkId.Result(
        new Fence(BRIEF.runId(), term),
        result.id().step(),
        result.id().index(),
        result.attempt(),
        part);
  }

  /** One part of what a worker sends, and the digest that goes with it. */
  record Part(int number, MemorySegment bytes, long digest) {
    Part(int number, MemorySegment bytes) {
      this(number, bytes, TensorDigest.of(bytes));
    }

    /** The same, as if a bit had changed on its way. */
    Part damaged() {
      return new Part(number, bytes, digest + 1);
    }

    Provenance provenance(long basis) {
      return new Provenance(digest, basis, 0);
    }
  }

  /** All that a worker sends of a micro-batch to the shard of all of the state. */
  static List<Part> parts(Result result) {
    return parts(result, Share.WHOLE);
  }

  /** What a worker sends of a micro-batch to a shard: the same bytes whichever attempt it is. */
  static List<Part> parts(Result result, Share share) {
    MemorySegment written = MemorySegment.ofArray(ResultBytes.of(result));
    Part report =
        new Part(Parts.REPORT, Arena.ofAuto().allocate(written.byteSize(), 64).copyFrom(written));
    if (!result.finite()) {
      return List.of(report);
    }
    long seed = result.id().step() * 100 + result.id().index();
    Part gradient = new Part(Parts.GRADIENT, share.of(LAYOUT).of(floats(GRADIENT_BYTES, seed)));
    if (!share.isFirst()) {
      return List.of(gradient, report);
    }
    return List.of(
        gradient,
        new Part(Parts.companion(Moco.QUEUE), floats(KEY_BYTES, seed + 10)),
        new Part(Parts.companion(Moco.QUERY_STATISTICS), floats(STATISTIC_BYTES, seed + 20)),
        new Part(Parts.companion(Moco.KEY_STATISTICS), floats(STATISTIC_BYTES, seed + 30)),
        report);
  }
}
