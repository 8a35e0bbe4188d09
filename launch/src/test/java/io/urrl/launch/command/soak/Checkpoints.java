package io.urrl.launch.command.soak;

import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The files of a checkpoint, with one number in each. */
final class Checkpoints {

  /** Writes a checkpoint of a step, or replaces it. */
  static void write(Path run, int step, float value) throws IOException {
    Path folder =
        Files.createDirectories(run.resolve("checkpoints").resolve("step-%09d".formatted(step)));
    for (String name : List.of("query", "key", "momentum", "queue")) {
      Safetensors.write(
          folder.resolve(name + ".safetensors"),
          Map.of("tensor", Tensor.of(new float[] {value}, 1)),
          Map.of());
    }
  }

  private Checkpoints() {}
}
