package io.urrl.gpu.nn;

import io.urrl.actors.random.Philox;
import io.urrl.actors.random.RandomStream;
import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An encoder before training, as torchvision initialises it: convolutions by He's normal law over
 * their outputs (kaiming_normal, fan_out), batch norms 1 and 0, linear layers uniform in
 * ±1/√inputs. A function of the seed alone, with the same bits on every machine.
 */
public final class EncoderInit {
  /** Fills the flat parameters of an encoder. */
  public static void fill(EncoderSpec spec, long seed, MemorySegment parameters) {
    Philox random = new Philox(seed);
    TensorLayout layout = spec.parameters();
    int number = 0;
    int lastInputs = 1;
    for (TensorLayout.Entry entry : layout.entries()) {
      RandomStream.initialWeights(random, number++);
      boolean weight = entry.name().endsWith(".weight");
      int dimensions = entry.shape().size();
      if (dimensions == 4) {
        int outputs = entry.shape().get(0) * entry.shape().get(2) * entry.shape().get(3);
        double deviation = Math.sqrt(2.0 / outputs);
        fill(parameters, entry, () -> deviation * gaussian(random));
      } else if (entry.name().startsWith("fc.")) {
        lastInputs = dimensions == 2 ? entry.shape().get(1) : lastInputs;
        double bound = 1 / Math.sqrt(lastInputs);
        fill(parameters, entry, () -> random.uniform(-bound, bound));
      } else {
        double constant = weight ? 1 : 0;
        fill(parameters, entry, () -> constant);
      }
    }
  }

  private static void fill(
      MemorySegment parameters,
      TensorLayout.Entry entry,
      java.util.function.DoubleSupplier values) {
    for (long i = entry.offset(); i < entry.offset() + entry.length(); i++) {
      parameters.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values.getAsDouble());
    }
  }

  /** Box and Muller's transform; StrictMath gives the same bits on every machine. */
  private static double gaussian(Philox random) {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }

  private EncoderInit() {}
}
