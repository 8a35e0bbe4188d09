package io.urrl.parameters;

import io.urrl.actors.objective.Companion;
import io.urrl.actors.tensor.Tensor;
import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Running mean and variance of every batch-norm layer of one encoder, off the heap, in the order of
 * a layout whose names end in {@code running_mean} and {@code running_var}. Not thread-safe.
 *
 * <p>A pass contributes its batch's mean and unbiased variance: r = 0.9 r + 0.1 x, worked out in
 * double and rounded once, as PyTorch's CPU kernel does. Passes do not commute: whoever applies
 * them keeps to the order of micro-batch, then group.
 */
public final class RunningStatistics implements CompanionState {
  /** PyTorch's default momentum of batch norm: the weight of the new batch. */
  public static final double MOMENTUM = 0.1;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final String MEAN = "running_mean";
  private static final String VARIANCE = "running_var";

  private static final String COUNT = "num_batches_tracked";

  private final Companion.Encoder encoder;
  private final TensorLayout layout;
  private final MemorySegment values;
  private long batches;

  /**
   * Means 0, variances 1, no batch seen.
   *
   * @param encoder whose they are
   * @param layout the buffers of all layers
   * @param arena owner of the memory
   * @throws IllegalArgumentException when a name is neither a mean nor a variance
   */
  public RunningStatistics(Companion.Encoder encoder, TensorLayout layout, Arena arena) {
    this.encoder = encoder;
    this.layout = layout;
    values = arena.allocate(Math.max(1, layout.byteSize()), 64).asSlice(0, layout.byteSize());
    initialise(0);
  }

  /** Means 0, variances 1, no batch seen, whatever the seed. */
  @Override
  public void initialise(long seed) {
    for (TensorLayout.Entry entry : layout.entries()) {
      float initial;
      if (entry.name().endsWith(MEAN)) {
        initial = 0;
      } else if (entry.name().endsWith(VARIANCE)) {
        initial = 1;
      } else {
        throw new IllegalArgumentException(
            entry.name() + " is neither a " + MEAN + " nor a " + VARIANCE);
      }
      for (long i = entry.offset(); i < entry.offset() + entry.length(); i++) {
        values.set(FLOAT, i * Float.BYTES, initial);
      }
    }
    batches = 0;
  }

  /**
   * Applies one pass.
   *
   * @param batch mean and unbiased variance of every layer, in the layout's order, float32
   */
  public void apply(MemorySegment batch) {
    if (batch.byteSize() != values.byteSize()) {
      throw new IllegalArgumentException(
          "statistics of " + batch.byteSize() + " bytes, expected " + values.byteSize());
    }
    for (long at = 0; at < values.byteSize(); at += Float.BYTES) {
      double mixed = MOMENTUM * batch.get(FLOAT, at) + (1 - MOMENTUM) * values.get(FLOAT, at);
      values.set(FLOAT, at, (float) mixed);
    }
    batches++;
  }

  /**
   * Applies passes that lie one behind the other, in that order.
   *
   * @param passes [count, layout size] float32
   */
  @Override
  public void add(MemorySegment passes) {
    if (passes.byteSize() % values.byteSize() != 0) {
      throw new IllegalArgumentException(
          "%d bytes are no passes of %d bytes".formatted(passes.byteSize(), values.byteSize()));
    }
    for (long at = 0; at < passes.byteSize(); at += values.byteSize()) {
      apply(passes.asSlice(at, values.byteSize()));
    }
  }

  /** PyTorch's {@code num_batches_tracked}, the same for every layer. */
  public long batches() {
    return batches;
  }

  /** Sets the count, when statistics are restored. */
  public void batches(long batches) {
    this.batches = batches;
  }

  /** In the layout's order. */
  @Override
  public MemorySegment values() {
    return values;
  }

  /** Where each layer's values lie. */
  public TensorLayout layout() {
    return layout;
  }

  @Override
  public int position() {
    return 0;
  }

  @Override
  public void copyFrom(CompanionState other) {
    RunningStatistics statistics = (RunningStatistics) other;
    if (!statistics.layout.equals(layout)) {
      throw new IllegalArgumentException("statistics of another network");
    }
    values.copyFrom(statistics.values);
    batches = statistics.batches;
  }

  /** That of its encoder. */
  @Override
  public String file() {
    return CompanionState.file(encoder);
  }

  /** torchvision's: means and variances, and a count beside each variance. */
  @Override
  public Map<String, Tensor> tensors(Arena scratch) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    layout
        .tensors(values)
        .forEach(
            (name, tensor) -> {
              tensors.put(name, tensor);
              if (name.endsWith(VARIANCE)) {
                tensors.put(count(name), Tensor.of(new long[] {batches}));
              }
            });
    return tensors;
  }

  @Override
  public void restore(Map<String, Tensor> file) {
    layout.scatter(file, values);
    for (TensorLayout.Entry entry : layout.entries()) {
      Tensor counted = entry.name().endsWith(VARIANCE) ? file.get(count(entry.name())) : null;
      if (counted != null) {
        batches = counted.toLongs()[0];
      }
    }
  }

  private static String count(String variance) {
    return variance.substring(0, variance.length() - VARIANCE.length()) + COUNT;
  }
}
