package io.urrl.gpu.worker;

import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.gpu.pretext.MicroBatchResult;
import io.urrl.gpu.pretext.Pretext;
import io.urrl.gpu.pretext.PretextEngine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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
      queue = allocate((long) brief.queue() * DIM * Float.BYTES);
    }

    /** Micro-batches that were computed. */
    int runs() {
      return runs;
    }

    @Override
    public MemorySegment queryParameters() {
      return query;
    }

    @Override
    public MemorySegment exchangeQueryParameters(MemorySegment parameters) {
      MemorySegment before = query;
      query = parameters;
      return before;
    }

    @Override
    public MemorySegment keyParameters() {
      return key;
    }

    @Override
    public MemorySegment queue() {
      return queue;
    }

    @Override
    public MicroBatchResult run(MemorySegment queryViews, MemorySegment keyViews) {
      runs++;
      long hash =
          TensorDigest.combine(
              TensorDigest.of(query),
              TensorDigest.of(key),
              TensorDigest.of(queue),
              TensorDigest.of(queryViews),
              TensorDigest.of(keyViews));
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
          allocate((long) brief.plan().microBatch() * DIM * Float.BYTES),
          allocate(32),
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
