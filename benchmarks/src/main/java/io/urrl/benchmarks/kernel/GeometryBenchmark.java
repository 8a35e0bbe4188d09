package io.urrl.benchmarks.kernel;

import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.transform.Operations;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

/**
 * Geometry and blur of one 224×224 picture, with either set of kernels; the crop is 335×300 pixels
 * of 500×375. Operations in place start from a copy, whose time {@link #copy} shows.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
public class GeometryBenchmark {
  private static final int SIZE = 224;

  /** Which kernels. */
  @Param public KernelSet kernels;

  private final Picture photo = new Picture();
  private final Picture square = new Picture();
  private final Picture picture = new Picture();
  private final MemorySegment planes = Arena.ofAuto().allocate(3 * SIZE * SIZE);
  private Operations operations;

  /** A soft ramp with noise: neighbours differ, as in photographs. */
  @Setup
  public void fill() {
    Random random = new Random(1);
    byte[] data = photo.resize(500, 375);
    for (int i = 0; i < photo.length(); i++) {
      data[i] = (byte) (i / 3 % 500 / 4 + i / 1500 / 4 + random.nextInt(24));
    }
    operations = new Operations(kernels);
    operations.resizedCrop(photo, 30, 40, 300, 335, SIZE, SIZE, square);
  }

  private Picture fresh() {
    picture.copyFrom(square);
    return picture;
  }

  @Benchmark
  public Picture copy() {
    return fresh();
  }

  @Benchmark
  public void resizedCrop() {
    operations.resizedCrop(photo, 30, 40, 300, 335, SIZE, SIZE, picture);
  }

  @Benchmark
  public void resizedCropAndFlip() {
    operations.resizedCrop(photo, 30, 40, 300, 335, SIZE, SIZE, true, picture);
  }

  @Benchmark
  public void resizeCentreCrop() {
    operations.resizeCentreCrop(photo, 256, SIZE, picture);
  }

  @Benchmark
  public void flip() {
    operations.flip(fresh());
  }

  @Benchmark
  public void shearX() {
    operations.shearX(fresh(), 0.0217);
  }

  @Benchmark
  public void shearY() {
    operations.shearY(fresh(), 0.0217);
  }

  @Benchmark
  public void translateX() {
    operations.translateX(fresh(), 5);
  }

  @Benchmark
  public void rotateBy2() {
    operations.rotate(fresh(), 2);
  }

  @Benchmark
  public void rotateBy25() {
    operations.rotate(fresh(), 25);
  }

  /** Radius below 1: three taps. */
  @Benchmark
  public void blurLittle() {
    operations.gaussianBlur(fresh(), 0.7);
  }

  /** Radius from 1 on: five taps. */
  @Benchmark
  public void blurMuch() {
    operations.gaussianBlur(fresh(), 1.8);
  }

  @Benchmark
  public void planes() {
    operations.planes(square, planes);
  }
}
