package io.urrl.parameters.checkpoint;

import io.urrl.actors.objective.Companion;
import io.urrl.actors.tensor.Tensor;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.parameters.CompanionState;
import io.urrl.parameters.ParameterState;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which tensors lie in which file, and under which names: torchvision's for the encoders; each
 * companion says where it lies itself.
 */
final class CheckpointTensors {
  static final String EXTENSION = ".safetensors";

  /** The trained encoder, which every objective has. */
  static final String QUERY = CompanionState.file(Companion.Encoder.TRAINED) + EXTENSION;

  /** The momentum encoder. */
  static final String KEY = CompanionState.file(Companion.Encoder.MOMENTUM) + EXTENSION;

  /** The momentum buffer of SGD, which every objective has. */
  static final String MOMENTUM = "momentum" + EXTENSION;

  private CheckpointTensors() {}

  private static String file(CompanionState companion) {
    return companion.file() + EXTENSION;
  }

  /** The tensors of every file, over the state's own memory where they lie there alike. */
  static Map<String, Map<String, Tensor>> of(ParameterState state, Arena scratch) {
    TensorLayout layout = state.layout().parameters();
    Map<String, Map<String, Tensor>> files = new LinkedHashMap<>();
    files.put(QUERY, layout.tensors(state.parameters()));
    if (state.layout().objective().hasMomentumEncoder()) {
      files.put(KEY, layout.tensors(state.momentumEncoder()));
    }
    files.put(MOMENTUM, layout.tensors(state.velocity()));
    for (CompanionState companion : state.companions()) {
      files
          .computeIfAbsent(file(companion), fresh -> new LinkedHashMap<>())
          .putAll(companion.tensors(scratch));
    }
    return files;
  }

  /** Copies the tensors of every file to their places in {@code state}; shapes must agree. */
  static void restore(Map<String, Map<String, Tensor>> files, ParameterState state) {
    TensorLayout layout = state.layout().parameters();
    layout.scatter(files.get(QUERY), state.parameters());
    layout.scatter(files.get(MOMENTUM), state.velocity());
    if (state.layout().objective().hasMomentumEncoder()) {
      layout.scatter(files.get(KEY), state.momentumEncoder());
    }
    state.companions().forEach(companion -> companion.restore(files.get(file(companion))));
  }
}
