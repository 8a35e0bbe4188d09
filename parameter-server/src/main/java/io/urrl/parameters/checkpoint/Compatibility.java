package io.urrl.parameters.checkpoint;

import io.urrl.actors.tensor.ElementType;
import io.urrl.actors.tensor.Tensor;
import io.urrl.parameters.ParameterState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Says in one line why a checkpoint does not fit a run. */
final class Compatibility {
  private Compatibility() {}

  static void require(
      Path checkpoint,
      String architecture,
      Map<String, Map<String, Tensor>> files,
      ParameterState state)
      throws CheckpointException {
    Map<String, Map<String, List<Long>>> shapes = CheckpointTensors.shapes(state.layout());
    for (Map.Entry<String, Map<String, Tensor>> file : files.entrySet()) {
      Map<String, List<Long>> wanted = shapes.get(file.getKey());
      for (Map.Entry<String, List<Long>> tensor : wanted.entrySet()) {
        String name = file.getKey() + " " + tensor.getKey();
        Tensor found = file.getValue().get(tensor.getKey());
        if (found == null) {
          throw refused(checkpoint, architecture, name + " is missing");
        }
        if (!found.shape().equals(tensor.getValue())) {
          throw refused(
              checkpoint,
              architecture,
              name + " has shape " + found.shape() + ", the run needs " + tensor.getValue());
        }
        ElementType type =
            CheckpointTensors.isCount(tensor.getKey()) ? ElementType.I64 : ElementType.F32;
        if (found.type() != type) {
          throw refused(checkpoint, architecture, name + " has type " + found.type());
        }
      }
      for (Map.Entry<String, Tensor> found : file.getValue().entrySet()) {
        if (found.getValue().type() == ElementType.F32 && !wanted.containsKey(found.getKey())) {
          throw refused(
              checkpoint,
              architecture,
              file.getKey() + " " + found.getKey() + " is not part of the run's network");
        }
      }
    }
  }

  private static CheckpointException refused(Path checkpoint, String architecture, String why) {
    return new CheckpointException(
        checkpoint
            + ": a checkpoint of another architecture ("
            + architecture
            + "): "
            + why
            + "; give the options that it was trained with, or another run directory");
  }
}
