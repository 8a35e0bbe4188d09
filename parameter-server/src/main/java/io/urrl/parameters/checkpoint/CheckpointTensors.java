package io.urrl.parameters.checkpoint;

import io.urrl.actors.objective.Companion;
import io.urrl.actors.objective.Objective;
import io.urrl.actors.tensor.ElementType;
import io.urrl.actors.tensor.Tensor;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.parameters.CompanionState;
import io.urrl.parameters.NegativeQueue;
import io.urrl.parameters.ParameterState;
import io.urrl.parameters.RunningStatistics;
import io.urrl.parameters.StateLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tensors lie in which file, and under which names: torchvision's for the encoders, with
 * their running statistics; and MoCo's for a queue: {@code queue} [width, K] and {@code queue_ptr}
 * [1].
 */
final class CheckpointTensors {
  /** The trained encoder, which every objective has. */
  static final String QUERY = "query.safetensors";

  /** The momentum encoder. */
  static final String KEY = "key.safetensors";

  /** The momentum buffer of SGD, which every objective has. */
  static final String MOMENTUM = "momentum.safetensors";

  static final String EXTENSION = ".safetensors";

  private static final String VARIANCE = "running_var";
  private static final String COUNT = "num_batches_tracked";
  private static final String POINTER = "_ptr";

  private CheckpointTensors() {}

  /** Names of the files of a run of this objective. */
  static List<String> files(Objective objective) {
    List<String> files = new ArrayList<>();
    files.add(QUERY);
    if (objective.hasMomentumEncoder()) {
      files.add(KEY);
    }
    files.add(MOMENTUM);
    for (Companion companion : objective.companions()) {
      if (companion instanceof Companion.Queue queue) {
        files.add(queue.name() + EXTENSION);
      }
    }
    return files;
  }

  /** The tensors of every file, over the state's own memory but for the turned queue. */
  static Map<String, Map<String, Tensor>> of(ParameterState state, Arena scratch) {
    TensorLayout layout = state.layout().parameters();
    Objective objective = state.layout().objective();
    Map<String, Map<String, Tensor>> files = new LinkedHashMap<>();
    files.put(QUERY, named(layout, state.parameters()));
    if (objective.hasMomentumEncoder()) {
      files.put(KEY, named(layout, state.momentumEncoder()));
    }
    files.put(MOMENTUM, named(layout, state.velocity()));
    for (int index = 0; index < state.companions().size(); index++) {
      CompanionState kept = state.companions().get(index);
      switch (objective.companions().get(index)) {
        case Companion.Queue queue ->
            files.put(queue.name() + EXTENSION, queue(queue.name(), (NegativeQueue) kept, scratch));
        case Companion.Statistics statistics ->
            addStatistics(files.get(file(statistics)), (RunningStatistics) kept);
      }
    }
    return files;
  }

  private static String file(Companion.Statistics statistics) {
    return statistics.encoder() == Companion.Encoder.TRAINED ? QUERY : KEY;
  }

  /** Names and shapes of every file, as a run of this layout writes them. */
  static Map<String, Map<String, List<Long>>> shapes(StateLayout layout) {
    Map<String, Map<String, List<Long>>> shapes = new LinkedHashMap<>();
    for (String file : files(layout.objective())) {
      shapes.put(file, new LinkedHashMap<>());
    }
    for (String file : List.of(QUERY, KEY, MOMENTUM)) {
      if (shapes.containsKey(file)) {
        addShapes(shapes.get(file), layout.parameters());
      }
    }
    for (Companion companion : layout.objective().companions()) {
      switch (companion) {
        case Companion.Queue queue -> {
          Map<String, List<Long>> own = shapes.get(queue.name() + EXTENSION);
          own.put(queue.name(), List.of((long) queue.width(), (long) queue.rows()));
          own.put(queue.name() + POINTER, List.of(1L));
        }
        case Companion.Statistics statistics ->
            addShapes(shapes.get(file(statistics)), layout.buffers());
      }
    }
    return shapes;
  }

  private static void addShapes(Map<String, List<Long>> shapes, TensorLayout layout) {
    layout.entries().forEach(entry -> shapes.put(entry.name(), shape(entry)));
  }

  /** Whether a tensor holds whole numbers rather than values of the state. */
  static boolean isCount(String name) {
    return name.endsWith(POINTER) || name.endsWith(COUNT);
  }

  /** Copies the tensors of every file to their places in {@code state}; shapes must agree. */
  static void restore(Map<String, Map<String, Tensor>> files, ParameterState state) {
    TensorLayout layout = state.layout().parameters();
    Objective objective = state.layout().objective();
    layout.scatter(files.get(QUERY), state.parameters());
    layout.scatter(files.get(MOMENTUM), state.velocity());
    if (objective.hasMomentumEncoder()) {
      layout.scatter(files.get(KEY), state.momentumEncoder());
    }
    for (int index = 0; index < state.companions().size(); index++) {
      CompanionState kept = state.companions().get(index);
      switch (objective.companions().get(index)) {
        case Companion.Queue queue ->
            restore(files.get(queue.name() + EXTENSION), queue.name(), (NegativeQueue) kept);
        case Companion.Statistics statistics ->
            statistics(files.get(file(statistics)), (RunningStatistics) kept);
      }
    }
  }

  private static void restore(Map<String, Tensor> file, String name, NegativeQueue queue) {
    transpose(file.get(name).data(), queue.values(), queue.dim(), queue.capacity());
    queue.pointer(Math.toIntExact(file.get(name + POINTER).toLongs()[0]));
  }

  private static Map<String, Tensor> named(TensorLayout layout, MemorySegment flat) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorLayout.Entry entry : layout.entries()) {
      tensors.put(entry.name(), new Tensor(ElementType.F32, shape(entry), part(entry, flat)));
    }
    return tensors;
  }

  private static void addStatistics(Map<String, Tensor> tensors, RunningStatistics statistics) {
    named(statistics.layout(), statistics.values())
        .forEach(
            (name, tensor) -> {
              tensors.put(name, tensor);
              if (name.endsWith(VARIANCE)) {
                tensors.put(count(name), Tensor.of(new long[] {statistics.batches()}));
              }
            });
  }

  private static Map<String, Tensor> queue(String name, NegativeQueue queue, Arena scratch) {
    MemorySegment turned = scratch.allocate(queue.values().byteSize(), 64);
    transpose(queue.values(), turned, queue.capacity(), queue.dim());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(name, Tensor.of(ElementType.F32, turned, queue.dim(), queue.capacity()));
    tensors.put(name + POINTER, Tensor.of(new long[] {queue.pointer()}, 1));
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
