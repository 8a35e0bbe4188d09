package io.urrl.benchmarks.device;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.gpu.nn.TorchContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Loads libtorch and DJL's glue, sets the switches, and computes one convolution with its gradient
 * on the device. Prints one JSON line; ends with 1 when a number is wrong.
 */
public final class BindingCheck {
  /** How many of a 3×3 picture's places each place of a padded 3×3 kernel of ones meets. */
  private static final float[] NEIGHBOURS = {4, 6, 4, 6, 9, 6, 4, 6, 4};

  private static final Shape SQUARE = new Shape(1, 1, 3, 3);

  /** Prints one JSON line. */
  public static void main(String[] arguments) {
    TensorRuntime runtime = TensorRuntime.open(0);
    boolean right = convolves(runtime);
    ObjectNode line = new ObjectMapper().createObjectNode();
    line.put("device", runtime.device().toString());
    line.put("torch", runtime.engine().getVersion());
    line.put("devices", runtime.devices());
    line.put("deterministic", TorchContext.ofProcess().deterministic());
    line.put("right", right);
    System.out.println(line);
    System.exit(right ? 0 : 1);
  }

  /** Whether values and gradient are right, also after the host's memory has changed. */
  private static boolean convolves(TensorRuntime runtime) {
    try (Arena arena = Arena.ofConfined();
        NDManager manager = runtime.newManager()) {
      MemorySegment host = arena.allocate(9 * Float.BYTES, 64);
      for (int i = 0; i < 9; i++) {
        host.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1);
      }
      NDArray kernel = manager.create(host.asByteBuffer(), SQUARE, DataType.FLOAT32);
      if (runtime.device().isGpu()) {
        // What is on the device must be a copy that is complete.
        host.fill((byte) 0);
      }
      kernel.setRequiresGradient(true);
      JniUtils.setGradMode(true);
      NDArray values =
          Conv2d.conv2d(
                  manager.ones(SQUARE),
                  kernel,
                  null,
                  new Shape(1, 1),
                  new Shape(1, 1),
                  new Shape(1, 1),
                  1)
              .singletonOrThrow();
      NDArray sum = values.sum();
      JniUtils.backward((PtNDArray) sum, (PtNDArray) sum.onesLike(), false, false);
      JniUtils.setGradMode(false);
      NDArray gradient = ((PtNDArray) kernel).getGradient();
      return Arrays.equals(NEIGHBOURS, values.toFloatArray())
          && Arrays.equals(NEIGHBOURS, gradient.toFloatArray());
    }
  }

  private BindingCheck() {}
}
