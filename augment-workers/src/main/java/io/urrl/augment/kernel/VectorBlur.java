package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link BlurKernel} in vectors. A block of bytes is the sum of blocks at offsets beside it, so
 * rows and columns differ in these offsets alone. Sums are made of two bytes in 16 bits of an int
 * each, products in 32 bits. Wide boxes are left to running sums.
 */
final class VectorBlur implements BlurKernel {
  private static final VectorSpecies<Byte> BYTES = VectorWidth.BLUR.bytes();
  private static final VectorSpecies<Integer> INTS = VectorWidth.BLUR.ints();
  private static final int BLOCK = BYTES.length();

  /** Up to here summing anew costs less than a running sum; 16 bits would hold up to 128. */
  private static final int WIDEST = 12;

  private static final int PAIR = 0x00FF00FF;
  private static final int LOW = 0xFFFF;
  private static final int ROUND = 1 << 23;
  private static final int THIRD = 0xFF0000;

  private final ScalarBlur wide = new ScalarBlur();
  private final int[] offsets = new int[2 * WIDEST + 3];
  private byte[] line = new byte[0];
  private byte[] next = new byte[0];

  @Override
  public void rows(
      byte[] data, int width, int height, int passes, int radius, int weight, int edge) {
    if (radius > WIDEST) {
      wide.rows(data, width, height, passes, radius, weight, edge);
      return;
    }
    int length = 3 * width;
    int pad = 3 * (radius + 1);
    if (line.length < length + 2 * pad + SLACK) {
      line = new byte[length + 2 * pad + SLACK];
      next = new byte[length + 2 * pad + SLACK];
    }
    for (int i = 0; i < 2 * radius + 3; i++) {
      offsets[i] = 3 * i;
    }
    for (int y = 0; y < height; y++) {
      System.arraycopy(data, y * length, line, pad, length);
      for (int pass = 1; pass < passes; pass++) {
        extend(line, pad, length);
        filter(line, offsets, radius, weight, edge, length, next, pad);
        byte[] swap = line;
        line = next;
        next = swap;
      }
      extend(line, pad, length);
      filter(line, offsets, radius, weight, edge, length, next, pad);
      System.arraycopy(next, pad, data, y * length, length);
    }
  }

  /** Repeats the first and the last pixel outside the line. */
  private static void extend(byte[] line, int pad, int length) {
    for (int i = pad - 1; i >= 0; i--) {
      line[i] = line[i + 3];
    }
    for (int i = pad + length; i < 2 * pad + length; i++) {
      line[i] = line[i - 3];
    }
  }

  @Override
  public void columns(
      byte[] in, int width, int height, int radius, int weight, int edge, byte[] out) {
    if (radius > WIDEST) {
      wide.columns(in, width, height, radius, weight, edge, out);
      return;
    }
    int length = 3 * width;
    for (int y = 0; y < height; y++) {
      for (int i = 0; i < 2 * radius + 3; i++) {
        offsets[i] = Math.clamp(y - radius - 1 + i, 0, height - 1) * length;
      }
      filter(in, offsets, radius, weight, edge, length, out, y * length);
    }
  }

  private static void filter(
      byte[] in, int[] offsets, int radius, int weight, int edge, int length, byte[] out, int to) {
    switch (radius) {
      case 0 -> filter(in, offsets[0], offsets[1], offsets[2], weight, edge, length, out, to);
      case 1 -> filterOne(in, offsets, weight, edge, length, out, to);
      default -> filterWide(in, offsets, 2 * radius + 2, weight, edge, length, out, to);
    }
  }

  private static void filter(
      byte[] in,
      int left,
      int centre,
      int right,
      int weight,
      int edge,
      int length,
      byte[] out,
      int to) {
    IntVector pair = IntVector.broadcast(INTS, PAIR);
    IntVector weights = IntVector.broadcast(INTS, weight);
    IntVector edges = IntVector.broadcast(INTS, edge);
    for (int x = 0; x < length; x += BLOCK) {
      IntVector a = load(in, left + x);
      IntVector b = load(in, centre + x);
      IntVector c = load(in, right + x);
      IntVector even = a.and(pair).add(c.and(pair));
      IntVector evenOut = weigh(b.and(pair), even, weights, edges);
      a = a.lanewise(VectorOperators.LSHR, 8);
      b = b.lanewise(VectorOperators.LSHR, 8);
      c = c.lanewise(VectorOperators.LSHR, 8);
      IntVector odd = a.and(pair).add(c.and(pair));
      IntVector oddOut = weigh(b.and(pair), odd, weights, edges);
      evenOut
          .or(oddOut.lanewise(VectorOperators.LSHL, 8))
          .reinterpretAsBytes()
          .intoArray(out, to + x);
    }
  }

  /** Radius 1, written out: helpers would go beyond what C2 inlines into one method. */
  private static void filterOne(
      byte[] in, int[] offsets, int weight, int edge, int length, byte[] out, int to) {
    int first = offsets[0];
    int second = offsets[1];
    int third = offsets[2];
    int fourth = offsets[3];
    int fifth = offsets[4];
    IntVector pair = IntVector.broadcast(INTS, PAIR);
    IntVector low = IntVector.broadcast(INTS, LOW);
    IntVector round = IntVector.broadcast(INTS, ROUND);
    for (int x = 0; x < length; x += BLOCK) {
      IntVector a = load(in, first + x);
      IntVector b = load(in, second + x);
      IntVector c = load(in, third + x);
      IntVector d = load(in, fourth + x);
      IntVector e = load(in, fifth + x);
      IntVector sum = b.and(pair).add(c.and(pair)).add(d.and(pair));
      IntVector sides = a.and(pair).add(e.and(pair));
      IntVector r0 = sum.and(low).mul(weight).add(sides.and(low).mul(edge)).add(round);
      sum = sum.lanewise(VectorOperators.LSHR, 16);
      sides = sides.lanewise(VectorOperators.LSHR, 16);
      IntVector r2 = sum.mul(weight).add(sides.mul(edge)).add(round);
      a = a.lanewise(VectorOperators.LSHR, 8);
      b = b.lanewise(VectorOperators.LSHR, 8);
      c = c.lanewise(VectorOperators.LSHR, 8);
      d = d.lanewise(VectorOperators.LSHR, 8);
      e = e.lanewise(VectorOperators.LSHR, 8);
      sum = b.and(pair).add(c.and(pair)).add(d.and(pair));
      sides = a.and(pair).add(e.and(pair));
      IntVector r1 = sum.and(low).mul(weight).add(sides.and(low).mul(edge)).add(round);
      sum = sum.lanewise(VectorOperators.LSHR, 16);
      sides = sides.lanewise(VectorOperators.LSHR, 16);
      IntVector r3 = sum.mul(weight).add(sides.mul(edge)).add(round);
      r0.lanewise(VectorOperators.LSHR, 24)
          .or(r1.lanewise(VectorOperators.LSHR, 16).and(0xFF00))
          .or(r2.lanewise(VectorOperators.LSHR, 8).and(THIRD))
          .or(r3.and(0xFF000000))
          .reinterpretAsBytes()
          .intoArray(out, to + x);
    }
  }

  private static void filterWide(
      byte[] in, int[] offsets, int last, int weight, int edge, int length, byte[] out, int to) {
    IntVector pair = IntVector.broadcast(INTS, PAIR);
    IntVector weights = IntVector.broadcast(INTS, weight);
    IntVector edges = IntVector.broadcast(INTS, edge);
    for (int x = 0; x < length; x += BLOCK) {
      IntVector evenSum = IntVector.zero(INTS);
      IntVector oddSum = evenSum;
      for (int i = 1; i < last; i++) {
        IntVector c = load(in, offsets[i] + x);
        evenSum = evenSum.add(c.and(pair));
        oddSum = oddSum.add(c.lanewise(VectorOperators.LSHR, 8).and(pair));
      }
      IntVector a = load(in, offsets[0] + x);
      IntVector b = load(in, offsets[last] + x);
      IntVector even = a.and(pair).add(b.and(pair));
      a = a.lanewise(VectorOperators.LSHR, 8);
      b = b.lanewise(VectorOperators.LSHR, 8);
      IntVector odd = a.and(pair).add(b.and(pair));
      IntVector evenOut = weigh(evenSum, even, weights, edges);
      IntVector oddOut = weigh(oddSum, odd, weights, edges);
      evenOut
          .or(oddOut.lanewise(VectorOperators.LSHL, 8))
          .reinterpretAsBytes()
          .intoArray(out, to + x);
    }
  }

  private static IntVector load(byte[] in, int at) {
    return ByteVector.fromArray(BYTES, in, at).reinterpretAsInts();
  }

  /** Weighs two sums in the halves of each int; results in bytes 0 and 2. */
  private static IntVector weigh(
      IntVector sums, IntVector sides, IntVector weight, IntVector edge) {
    IntVector low = sums.and(LOW).mul(weight).add(sides.and(LOW).mul(edge)).add(ROUND);
    IntVector high =
        sums.lanewise(VectorOperators.LSHR, 16)
            .mul(weight)
            .add(sides.lanewise(VectorOperators.LSHR, 16).mul(edge))
            .add(ROUND);
    return low.lanewise(VectorOperators.LSHR, 24)
        .or(high.lanewise(VectorOperators.LSHR, 8).and(THIRD));
  }
}
