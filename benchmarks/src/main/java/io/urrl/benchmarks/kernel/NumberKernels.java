package io.urrl.benchmarks.kernel;

import io.urrl.actors.random.Philox;
import io.urrl.actors.tensor.Finiteness;
import io.urrl.actors.tensor.MomentumUpdate;
import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.corrupt.CorruptionTable;
import io.urrl.augment.corrupt.Corruptions;
import io.urrl.augment.corrupt.Corruptor;
import io.urrl.augment.corrupt.FrostTextures;
import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.kernel.WeightedSums;
import io.urrl.parameters.SgdKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Kernels on numbers in place of pixels: random draws, the sums of corruptions' blurs, and what
 * passes over parameters. 150,528 numbers, a picture of 224×224, fit the second cache; 11 million
 * parameters, a ResNet-18, fit none.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class NumberKernels {
  private static final int SIZE = 224;
  private static final int NUMBERS = 3 * SIZE * SIZE;
  private static final int PARAMETERS = 11_000_000;
  private static final int TAPS = 9;

  private final Philox random = new Philox(1);
  private final double[] numbers = new double[NUMBERS];
  private final double[] sums = new double[NUMBERS];
  private final double[] weights = new double[TAPS];
  private final int[] offsets = new int[TAPS];
  private final WeightedSums weighted = WeightedSums.of(KernelSet.VECTOR);
  private final Corruptor corruptor =
      new Corruptor(Corruptions.of(CorruptionTable.forSide(SIZE), FrostTextures.drawn()), 1);
  private final Picture picture = new Picture();
  private final SgdKernel.Rule rule = new SgdKernel.Rule(1.0 / 4, 0.03, 0.9, 1e-4, 0.999);
  private SgdKernel.Buffers buffers;

  /** Values that are neither zero nor denormal. */
  @Setup
  public void prepare() {
    random.nextDoubles(numbers, NUMBERS);
    for (int tap = 0; tap < TAPS; tap++) {
      offsets[tap] = 3 * tap;
      weights[tap] = 1.0 / (tap + 1);
    }
    new Random(1).nextBytes(picture.resize(SIZE, SIZE));
    buffers = new SgdKernel.Buffers(parameters(), parameters(), parameters(), parameters());
  }

  private static MemorySegment parameters() {
    MemorySegment values = Arena.ofAuto().allocate((long) PARAMETERS * Float.BYTES, 64);
    for (int i = 0; i < PARAMETERS; i++) {
      values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (i % 1009 - 504.5f) / 504);
    }
    return values;
  }

  @Benchmark
  public double[] uniforms() {
    random.nextDoubles(numbers, NUMBERS);
    return numbers;
  }

  /** Normal numbers, mostly. */
  @Benchmark
  public Picture gaussianNoise() {
    corruptor.corrupt(picture, 1, CorruptionKind.GAUSSIAN_NOISE, 1);
    return picture;
  }

  @Benchmark
  public double[] taps() {
    weighted.taps(numbers, 0, offsets, weights, sums, 0, NUMBERS - 3 * TAPS);
    return sums;
  }

  @Benchmark
  public double[] symmetric() {
    weighted.symmetric(numbers, 3 * TAPS, 3, weights, sums, 0, NUMBERS - 6 * TAPS);
    return sums;
  }

  /** The parameter server's update, one thread. */
  @Benchmark
  public void update() {
    SgdKernel.apply(rule, buffers);
  }

  @Benchmark
  public void momentum() {
    MomentumUpdate.follow(buffers.momentumEncoder(), buffers.parameters(), 0.999);
  }

  @Benchmark
  public boolean finite() {
    return Finiteness.allFinite(buffers.gradient());
  }
}
