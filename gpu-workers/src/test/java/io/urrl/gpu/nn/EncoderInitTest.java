package io.urrl.gpu.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EncoderInitTest {
  private static final EncoderSpec SPEC = EncoderSpec.moco("resnet18", 16, "cifar", 0, 32);

  private static MemorySegment filled(long seed) {
    MemorySegment parameters = Arena.ofAuto().allocate(SPEC.parameters().byteSize(), 64);
    EncoderInit.fill(SPEC, seed, parameters);
    return parameters;
  }

  private static double[] values(MemorySegment parameters, String name) {
    TensorLayout.Entry entry = SPEC.parameters().entry(name);
    return LongStream.range(entry.offset(), entry.offset() + entry.length())
        .mapToDouble(i -> parameters.getAtIndex(ValueLayout.JAVA_FLOAT, i))
        .toArray();
  }

  @Test
  void aSeedGivesTheSameBitsAndAnotherOthers() {
    assertEquals(-1, filled(5).mismatch(filled(5)));
    assertNotEquals(-1, filled(5).mismatch(filled(6)));
  }

  @Test
  void convolutionsAreNormalWithHesDeviation() {
    double[] weights = values(filled(5), "layer4.1.conv2.weight");
    double expected = Math.sqrt(2.0 / (128 * 3 * 3));
    double squares = 0;
    double sum = 0;
    double fourth = 0;
    for (double weight : weights) {
      sum += weight;
      squares += weight * weight;
      fourth += Math.pow(weight, 4);
    }
    int n = weights.length;
    double variance = squares / n;
    assertEquals(expected, Math.sqrt(variance), 0.01 * expected);
    assertEquals(0, sum / n, 4 * expected / Math.sqrt(n));
    assertEquals(3, fourth / n / (variance * variance), 0.1);
  }

  @Test
  void headsFillTheirUniformRange() {
    MemorySegment parameters = filled(5);
    for (String name : new String[] {"fc.0.weight", "fc.0.bias", "fc.2.weight", "fc.2.bias"}) {
      double bound = 1 / Math.sqrt(128);
      double largest = 0;
      for (double value : values(parameters, name)) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertTrue(largest <= bound && largest > 0.85 * bound, name + " reaches " + largest);
    }
  }

  @Test
  void batchNormsBeginAsTheIdentity() {
    MemorySegment parameters = filled(5);
    for (double value : values(parameters, "layer2.0.downsample.1.weight")) {
      assertEquals(1, value);
    }
    for (double value : values(parameters, "bn1.bias")) {
      assertEquals(0, value);
    }
  }
}
