package io.urrl.benchmarks.kernel;

import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.ChannelTables;
import io.urrl.augment.kernel.GrayKernel;
import io.urrl.augment.kernel.HueKernel;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.kernel.MixKernel;
import io.urrl.augment.kernel.SharpnessKernel;
import io.urrl.augment.kernel.ToneKernel;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Operations on the colours of one picture. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ColourKernels {
  /** The implementation. */
  @Param public KernelSet kernels;

  /** Side of the picture. */
  @Param({"32", "224"})
  public int size;

  private final float[] scale = {1.1f, 1.2f, 1.3f};
  private final float[] offset = {-3f, -9f, -20f};
  private final float[] weights = {0.3f, 0.2f, 0.5f};
  private final int[] low = new int[3];
  private final int[] high = new int[3];
  private final int[] histogram = new int[ChannelTables.LENGTH];
  private final byte[] table = new byte[ChannelTables.LENGTH];
  private final ChannelTables tables = new ChannelTables();
  private int length;
  private byte[] in;
  private byte[] out;
  private byte[][] chains;
  private ToneKernel tones;
  private GrayKernel grays;
  private HueKernel hues;
  private SharpnessKernel sharpnesses;
  private MixKernel mixtures;

  /** A walk in each channel: neighbours are alike, as in photographs. */
  @Setup
  public void prepare() {
    Random random = new Random(1);
    length = 3 * size * size;
    in = new byte[length + Picture.SLACK];
    out = new byte[length + Picture.SLACK];
    int[] value = {128, 128, 128};
    for (int i = 0; i < length; i++) {
      value[i % 3] = Math.clamp(value[i % 3] + random.nextInt(-4, 5), 0, 255);
      in[i] = (byte) value[i % 3];
    }
    random.nextBytes(table);
    chains = new byte[][] {in.clone(), in.clone(), in.clone()};
    tones = ToneKernel.of(kernels);
    grays = GrayKernel.of(kernels);
    hues = HueKernel.of(kernels);
    sharpnesses = SharpnessKernel.of(kernels);
    mixtures = MixKernel.of(kernels);
  }

  @Benchmark
  public byte[] posterize() {
    tones.mask(in, out, length, 0xF0);
    return out;
  }

  @Benchmark
  public byte[] solarize() {
    tones.solarize(in, out, length, 200);
    return out;
  }

  /** Brightness and contrast. */
  @Benchmark
  public byte[] blend() {
    tones.blend(in, out, length, 117, 1.3f);
    return out;
  }

  /** Autocontrast's second pass. */
  @Benchmark
  public byte[] stretch() {
    tones.stretch(in, out, length, scale, offset);
    return out;
  }

  /** Autocontrast's first pass. */
  @Benchmark
  public int[] range() {
    tones.range(in, length, low, high);
    return high;
  }

  /** Contrast's first pass. */
  @Benchmark
  public long graySum() {
    return grays.sum(in, length);
  }

  @Benchmark
  public byte[] grayscale() {
    grays.grayscale(in, out, length);
    return out;
  }

  @Benchmark
  public byte[] colour() {
    grays.colour(in, out, length, 1.3f);
    return out;
  }

  @Benchmark
  public byte[] hue() {
    hues.shift(in, out, length, 20);
    return out;
  }

  @Benchmark
  public byte[] sharpness() {
    sharpnesses.sharpen(in, out, size, size, 0.28f);
    return out;
  }

  @Benchmark
  public byte[] mixture() {
    mixtures.mix(in, chains, weights, 0.6f, out, length);
    return out;
  }

  /** Equalize's first pass, which has one form. */
  @Benchmark
  public int[] histogram() {
    tables.count(in, length, histogram);
    return histogram;
  }

  /** Equalize's second pass, which has one form. */
  @Benchmark
  public byte[] lookUp() {
    ChannelTables.lookUp(in, out, length, table);
    return out;
  }
}
