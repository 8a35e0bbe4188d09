package io.urrl.verify.learning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.tensor.ElementType;
import io.urrl.actors.tensor.Npy;
import io.urrl.actors.tensor.Tensor;
import io.urrl.actors.tensor.TensorFileException;
import io.urrl.parameters.SgdKernel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** The reference case {@code fused_optimiser}, computed by {@link SgdKernel}. */
public final class OptimiserCases {
  /** The case's name, and its folder's. */
  public static final String FUSED_OPTIMISER = "fused_optimiser";

  private OptimiserCases() {}

  /**
   * Runs the case and writes weights, momentum buffer and moving average after each step, all
   * [steps, length] float32.
   *
   * @param cases folder that holds the case's folder
   * @param out folder that will hold the results' folder of the same name
   * @throws IOException when an input is missing or not what the case says
   */
  public static void run(Path cases, Path out) throws IOException {
    Path folder = cases.resolve(FUSED_OPTIMISER);
    JsonNode hyper =
        new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("case.json"))).path("hyper");
    int steps = hyper.path("lr").size();
    int length = hyper.path("length").asInt();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment query = copy(arena, folder.resolve("param.npy"), length);
      MemorySegment key = copy(arena, folder.resolve("ema.npy"), length);
      MemorySegment gradients = copy(arena, folder.resolve("grads.npy"), (long) steps * length);
      MemorySegment velocity = arena.allocate(query.byteSize());
      Trace queries = new Trace(arena, steps, length);
      Trace velocities = new Trace(arena, steps, length);
      Trace keys = new Trace(arena, steps, length);
      for (int step = 0; step < steps; step++) {
        SgdKernel.Rule rule =
            new SgdKernel.Rule(
                1,
                hyper.path("lr").get(step).asDouble(),
                hyper.path("momentum").asDouble(),
                hyper.path("weight_decay").asDouble(),
                hyper.path("ema").asDouble());
        MemorySegment gradient = gradients.asSlice(step * query.byteSize(), query.byteSize());
        SgdKernel.apply(rule, new SgdKernel.Buffers(gradient, query, velocity, key));
        queries.record(step, query);
        velocities.record(step, velocity);
        keys.record(step, key);
      }
      Path results = Files.createDirectories(out.resolve(FUSED_OPTIMISER));
      queries.write(results.resolve("param_after.npy"));
      velocities.write(results.resolve("velocity_after.npy"));
      keys.write(results.resolve("ema_after.npy"));
    }
  }

  private static MemorySegment copy(Arena arena, Path file, long elements) throws IOException {
    Tensor tensor = Npy.read(file);
    if (tensor.type() != ElementType.F32 || tensor.elements() != elements) {
      throw new TensorFileException(
          file, "holds " + tensor.type() + " " + tensor.shape() + ", not " + elements + " of F32");
    }
    return arena.allocate(tensor.data().byteSize(), 64).copyFrom(tensor.data());
  }

  /** A buffer's values after each step. */
  private static final class Trace {
    private final MemorySegment values;
    private final int steps;
    private final int length;

    private Trace(Arena arena, int steps, int length) {
      values = arena.allocate((long) steps * length * Float.BYTES, 64);
      this.steps = steps;
      this.length = length;
    }

    private void record(int step, MemorySegment buffer) {
      values.asSlice(step * buffer.byteSize(), buffer.byteSize()).copyFrom(buffer);
    }

    private void write(Path file) throws IOException {
      Npy.write(file, Tensor.of(ElementType.F32, values, steps, length));
    }
  }
}
