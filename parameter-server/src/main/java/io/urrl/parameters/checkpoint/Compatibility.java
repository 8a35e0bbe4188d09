package io.urrl.parameters.checkpoint;

import io.urrl.actors.tensor.ElementType;
import io.urrl.actors.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;

/** Says in one line why a checkpoint does not fit a run. */
final class Compatibility {
  private Compatibility() {}

  /**
   * @param files as they are
   * @param wanted the same files as the run has them
   */
  static void require(
      Path checkpoint,
      String architecture,
      Map<String, Map<String, Tensor>> files,
      Map<String, Map<String, Tensor>> wanted)
      throws CheckpointException {
    for (Map.Entry<String, Map<String, Tensor>> file : files.entrySet()) {
      Map<String, Tensor> own = wanted.get(file.getKey());
      for (Map.Entry<String, Tensor> tensor : own.entrySet()) {
        String name = file.getKey() + " " + tensor.getKey();
        Tensor found = file.getValue().get(tensor.getKey());
        if (found == null && isCount(tensor.getValue())) {
          continue;
        }
        if (found == null) {
          throw refused(checkpoint, architecture, name + " is missing");
        }
        if (!found.shape().equals(tensor.getValue().shape())) {
          throw refused(
              checkpoint,
              architecture,
              name
                  + " has shape "
                  + found.shape()
                  + ", the run needs "
                  + tensor.getValue().shape());
        }
        if (found.type() != tensor.getValue().type()) {
          throw refused(checkpoint, architecture, name + " has type " + found.type());
        }
      }
      for (Map.Entry<String, Tensor> found : file.getValue().entrySet()) {
        if (found.getValue().type() == ElementType.F32 && !own.containsKey(found.getKey())) {
          throw refused(
              checkpoint,
              architecture,
              file.getKey() + " " + found.getKey() + " is not part of the run's network");
        }
      }
    }
  }

  /** Of batches that a batch norm has seen; files that others wrote may lack it. */
  private static boolean isCount(Tensor tensor) {
    return tensor.type() == ElementType.I64 && tensor.shape().isEmpty();
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
