package io.urrl.gpu.worker;

import io.urrl.actors.objective.Companion;
import io.urrl.actors.objective.Moco;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.gpu.pretext.MicroBatchResult;
import io.urrl.gpu.pretext.Pretext;
import io.urrl.gpu.pretext.PretextEngine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Encoders of 30 parameters, whose gradient is a float that depends on all that goes in. */
final class ToyEngine implements PretextEngine {
  static final TensorLayout PARAMETERS = TensorLayout.builder().add("a", 20).add("b", 10).build();
  static final int DIM = 3;

  /** The newest replica. */
  private Encoders opened;

  Encoders opened() {
    return opened;
  }

  @Override
  public PretextEngine withThreads(int threads) {
    return this;
  }

  @Override
  public String describe() {
    return "toy";
  }

  @Override
  public long probe() {
    return 5;
  }

  @Override
  public Pretext open(RunBrief brief) {
    opened = new Encoders(brief);
    return opened;
  }

  private static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(bytes, 64);
  }

  /** A replica. */
  static final class Encoders implements Pretext {
    private final RunBrief brief;
    private final MemorySegment key = allocate(PARAMETERS.byteSize());
    private final MemorySegment queue;
    private MemorySegment query = allocate(PARAMETERS.byteSize());
    private int runs;

    private Encoders(RunBrief brief) {
      this.brief = brief;
      Companion.Queue rows = (Companion.Queue) brief.objective().companions().get(Moco.QUEUE);
      queue = allocate((long) rows.rows() * DIM * Float.BYTES);
    }

    /** Micro-batches that were computed. */
    int runs() {
      return runs;
    }

    @Override
    public MemorySegment parameters() {
      return query;
    }

    @Override
    public MemorySegment exchangeParameters(MemorySegment fresh) {
      MemorySegment before = query;
      query = fresh;
      return before;
    }

    @Override
    public MemorySegment momentumEncoder() {
      return key;
    }

    @Override
    public MemorySegment companion(int index) {
      return queue;
    }

    @Override
    public MicroBatchResult run(List<MemorySegment> views) {
      runs++;
      long hash =
          TensorDigest.combine(
              TensorDigest.of(query),
              TensorDigest.of(key),
              TensorDigest.of(queue),
              TensorDigest.of(views.get(0)),
              TensorDigest.of(views.get(1)));
      MemorySegment gradient = allocate(PARAMETERS.byteSize());
      gradient.setAtIndex(ValueLayout.JAVA_FLOAT, 0, (hash >>> 40) * 0x1p-24f);
      MemorySegment[] gradients =
          PARAMETERS.entries().stream()
              .map(
                  entry ->
                      gradient.asSlice(entry.offset() * Float.BYTES, entry.length() * Float.BYTES))
              .toArray(MemorySegment[]::new);
      return new MicroBatchResult(
          1.5,
          0.5,
          "",
          List.of(
              allocate((long) brief.plan().microBatch() * DIM * Float.BYTES),
              allocate(16),
              allocate(16)),
          PARAMETERS,
          gradients,
          TensorDigest.of(gradient));
    }

    @Override
    public void close() {
      // Memory goes when nobody knows it.
    }
  }
}
