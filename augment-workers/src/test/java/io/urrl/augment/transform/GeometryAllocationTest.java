package io.urrl.augment.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.KernelSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.function.IntConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In steady state no operation leaves anything on the heap. */
class GeometryAllocationTest {
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Vectors live on the heap until C2 has compiled their kernel: rounds that it may take. */
  private static final int MOST_ROUNDS = 4000;

  private static final int CALLS = 50;

  private final Picture source = new Picture();
  private final Picture picture = new Picture();

  @ParameterizedTest
  @EnumSource(KernelSet.class)
  void nothingIsAllocated(KernelSet set) {
    new Random(1).nextBytes(source.resize(83, 61));
    Operations operations = new Operations(set);
    MemorySegment planes = Arena.ofAuto().allocate(3 * 83 * 61);
    steady("crop", i -> operations.resizedCrop(source, 3, 5, 50, 70 - i, 40, 44, picture));
    steady("centre", _ -> operations.resizeCentreCrop(source, 48, 40, picture));
    steady("flip", _ -> operations.flip(fresh()));
    steady("shear x", i -> operations.shearX(fresh(), i * 0.0123));
    steady("shear y", i -> operations.shearY(fresh(), i * 0.0123));
    steady("translate x", i -> operations.translateX(fresh(), i));
    steady("translate y", i -> operations.translateY(fresh(), i * 0.3));
    steady("rotate", i -> operations.rotate(fresh(), i - 20));
    steady("blur", i -> operations.gaussianBlur(fresh(), 0.1 + i * 0.06));
    steady("planes", _ -> operations.planes(source, planes));
  }

  private Picture fresh() {
    picture.copyFrom(source);
    return picture;
  }

  private static void steady(String name, IntConsumer operation) {
    long allocated = Long.MAX_VALUE;
    for (int round = 0; round < MOST_ROUNDS && allocated > 0; round++) {
      long before = THREAD.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        operation.accept(i);
      }
      allocated = THREAD.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(0, allocated, name);
  }
}
