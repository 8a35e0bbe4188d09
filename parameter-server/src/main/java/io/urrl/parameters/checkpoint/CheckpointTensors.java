package io.urrl.parameters.checkpoint;

import io.urrl.actors.tensor.ElementType;
import io.urrl.actors.tensor.Tensor;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.parameters.NegativeQueue;
import io.urrl.parameters.ParameterState;
import io.urrl.parameters.RunningStatistics;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tensors lie in which file, and under which names: torchvision's for the encoders, with
 * their running statistics, and MoCo's {@code queue} [dim, K] and {@code queue_ptr} [1].
 */
final class CheckpointTensors {
  static final String QUERY = "query.safetensors";
  static final String KEY = "key.safetensors";
  static final String MOMENTUM = "momentum.safetensors";
  static final String QUEUE = "queue.safetensors";
  static final List<String> FILES = List.of(QUERY, KEY, MOMENTUM, QUEUE);

  private static final String VARIANCE = "running_var";
  private static final String COUNT = "num_batches_tracked";
  private static final String ROWS = "queue";
  private static final String POINTER = "queue_ptr";

  private CheckpointTensors() {}

  /** The tensors of every file, over the state's own memory but for the turned queue. */
  static Map<String, Map<String, Tensor>> of(ParameterState state, Arena scratch) {
    ParameterState.Companions companions = state.requireCompanions();
    TensorLayout layout = state.layout().parameters();
    Map<String, Map<String, Tensor>> files = new LinkedHashMap<>();
    files.put(QUERY, encoder(layout, state.query(), companions.queryStatistics()));
    files.put(KEY, encoder(layout, state.key(), companions.keyStatistics()));
    files.put(MOMENTUM, named(layout, state.velocity()));
    files.put(QUEUE, queue(companions.queue(), scratch));
    return files;
  }

  /** Names and shapes of one file, as a run of this state writes it. */
  static Map<String, List<Long>> shapes(String file, ParameterState state) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    if (file.equals(QUEUE)) {
      shapes.put(ROWS, List.of((long) state.layout().dim(), (long) state.layout().keys()));
      shapes.put(POINTER, List.of(1L));
      return shapes;
    }
    for (TensorLayout.Entry entry : state.layout().parameters().entries()) {
      shapes.put(entry.name(), shape(entry));
    }
    if (!file.equals(MOMENTUM)) {
      for (TensorLayout.Entry entry : state.layout().buffers().entries()) {
        shapes.put(entry.name(), shape(entry));
      }
    }
    return shapes;
  }

  /** Copies the tensors of every file to their places in {@code state}; shapes must agree. */
  static void restore(Map<String, Map<String, Tensor>> files, ParameterState state) {
    ParameterState.Companions companions = state.requireCompanions();
    TensorLayout layout = state.layout().parameters();
    layout.scatter(files.get(QUERY), state.query());
    layout.scatter(files.get(KEY), state.key());
    layout.scatter(files.get(MOMENTUM), state.velocity());
    statistics(files.get(QUERY), companions.queryStatistics());
    statistics(files.get(KEY), companions.keyStatistics());
    Map<String, Tensor> queue = files.get(QUEUE);
    transpose(
        queue.get(ROWS).data(),
        companions.queue().rows(),
        companions.queue().dim(),
        companions.queue().capacity());
    companions.queue().pointer(Math.toIntExact(queue.get(POINTER).toLongs()[0]));
  }

  private static Map<String, Tensor> named(TensorLayout layout, MemorySegment flat) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorLayout.Entry entry : layout.entries()) {
      tensors.put(entry.name(), new Tensor(ElementType.F32, shape(entry), part(entry, flat)));
    }
    return tensors;
  }

  private static Map<String, Tensor> encoder(
      TensorLayout layout, MemorySegment flat, RunningStatistics statistics) {
    Map<String, Tensor> tensors = named(layout, flat);
    named(statistics.layout(), statistics.values())
        .forEach(
            (name, tensor) -> {
              tensors.put(name, tensor);
              if (name.endsWith(VARIANCE)) {
                tensors.put(count(name), Tensor.of(new long[] {statistics.batches()}));
              }
            });
    return tensors;
  }

  private static Map<String, Tensor> queue(NegativeQueue queue, Arena scratch) {
    MemorySegment turned = scratch.allocate(queue.rows().byteSize(), 64);
    transpose(queue.rows(), turned, queue.capacity(), queue.dim());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(ROWS, Tensor.of(ElementType.F32, turned, queue.dim(), queue.capacity()));
    tensors.put(POINTER, Tensor.of(new long[] {queue.pointer()}, 1));
    return tensors;
  }

  private static void statistics(Map<String, Tensor> from, RunningStatistics into) {
    into.layout().scatter(from, into.values());
    for (TensorLayout.Entry entry : into.layout().entries()) {
      Tensor counted = entry.name().endsWith(VARIANCE) ? from.get(count(entry.name())) : null;
      if (counted != null) {
        into.batches(counted.toLongs()[0]);
      }
    }
  }

  private static String count(String variance) {
    return variance.substring(0, variance.length() - VARIANCE.length()) + COUNT;
  }

  private static List<Long> shape(TensorLayout.Entry entry) {
    return entry.shape().stream().map(Integer::longValue).toList();
  }

  private static MemorySegment part(TensorLayout.Entry entry, MemorySegment flat) {
    return flat.asSlice(entry.offset() * Float.BYTES, entry.length() * Float.BYTES);
  }

  /** from [rows, columns] to [columns, rows], in blocks that stay in the cache. */
  private static void transpose(MemorySegment from, MemorySegment to, int rows, int columns) {
    int block = 32;
    for (int top = 0; top < rows; top += block) {
      for (int left = 0; left < columns; left += block) {
        for (int row = top; row < Math.min(rows, top + block); row++) {
          for (int column = left; column < Math.min(columns, left + block); column++) {
            float value = from.get(Tensor.FLOAT, ((long) row * columns + column) * Float.BYTES);
            to.set(Tensor.FLOAT, ((long) column * rows + row) * Float.BYTES, value);
          }
        }
      }
    }
  }
}
