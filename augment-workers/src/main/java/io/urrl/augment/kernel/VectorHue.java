package io.urrl.augment.kernel;

import io.urrl.actors.simd.VectorWidth;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * A vector of pixels at a time, all in float32. Where PIL computes in double, the float forms below
 * give the same bytes for every colour and every shift:
 *
 * <ul>
 *   <li>hue: of the distances of the channels to the highest one, over the range, one is 0 and one
 *       is 1, so a sextant's sum of three terms is {@code ±(1 − t)}, {@code 1 + t} or {@code 3 ± t}
 *       or {@code 5 − t}, rounded once, with t the middle channel's distance;
 *   <li>way back: a channel is {@code value · (1 − saturation/255 · w/255)}, with w its distance
 *       from the shifted hue on the colour circle, limited to 0..255. Its product with 65,025 is a
 *       whole number, never half of one after division, so whole numbers below 2²⁴ round as PIL's
 *       doubles do.
 * </ul>
 */
final class VectorHue implements HueKernel {
  private static final Lanes LANES = Lanes.of(VectorWidth.HUE);
  private static final VectorSpecies<Byte> BYTES = LANES.bytes();
  private static final VectorSpecies<Integer> INTS = LANES.ints();
  private static final VectorSpecies<Float> FLOATS = LANES.floats();
  private static final int PIXEL_BYTES = LANES.pixelBytes();
  private static final VectorShuffle<Byte> SPREAD = LANES.spread();
  private static final VectorShuffle<Byte> CLOSE = LANES.close();
  private static final VectorMask<Byte> BEHIND = LANES.behind();

  /** Parts of the colour circle: six sextants of 255. */
  private static final int SEXTANT = 255;

  /**
   * A channel's distance on the circle is {@code sign |place − centre| + bias}, limited to 0..255.
   * Green and blue count from where they are full; red, full at both ends, from where it is dark.
   */
  private static final int[] CENTRES = {3 * SEXTANT, 2 * SEXTANT, 4 * SEXTANT};

  private static final int[] SIGNS = {-1, 1, 1};
  private static final int[] BIASES = {2 * SEXTANT, -SEXTANT, -SEXTANT};

  private static final float SQUARE = 255f * 255f;
  private static final float BELOW_HALF_SQUARE = 32_512f;

  @Override
  public void shift(byte[] in, byte[] out, int length, int shift) {
    for (int i = 0; i < length; i += PIXEL_BYTES) {
      ByteVector old = ByteVector.fromArray(BYTES, in, i);
      IntVector pixels = old.rearrange(SPREAD).reinterpretAsInts();
      IntVector red = pixels.and(0xFF);
      IntVector green = pixels.lanewise(VectorOperators.LSHR, 8).and(0xFF);
      IntVector blue = pixels.lanewise(VectorOperators.LSHR, 16).and(0xFF);
      IntVector value = red.max(green).max(blue);
      IntVector least = red.min(green).min(blue);

      // Gray divides by 1 instead of 0: its saturation is 0, and then the hue does not matter.
      IntVector range = value.sub(least);
      IntVector beyondMiddle = value.add(value).add(least).sub(red).sub(green).sub(blue);
      FloatVector t =
          ((FloatVector) beyondMiddle.convert(VectorOperators.I2F, 0))
              .div((FloatVector) range.max(1).convert(VectorOperators.I2F, 0));
      VectorMask<Float> lowBlue = blue.compare(VectorOperators.EQ, least).cast(FLOATS);
      VectorMask<Float> lowGreen = green.compare(VectorOperators.EQ, least).cast(FLOATS);
      VectorMask<Float> highRed = red.compare(VectorOperators.EQ, value).cast(FLOATS);
      VectorMask<Float> highGreen = green.compare(VectorOperators.EQ, value).cast(FLOATS);
      FloatVector minus = t.neg();
      FloatVector ofRed = t.sub(1f).blend(minus.add(1f), lowBlue);
      FloatVector ofGreen = minus.add(3f).blend(t.add(1f), lowBlue);
      FloatVector ofBlue = t.add(3f).blend(minus.add(5f), lowGreen);
      FloatVector turn = ofBlue.blend(ofGreen, highGreen).blend(ofRed, highRed).div(6f);
      turn = turn.blend(turn.add(1f), turn.compare(VectorOperators.LT, 0f));
      IntVector hue = (IntVector) turn.mul(255f).convert(VectorOperators.F2I, 0);

      IntVector saturation =
          (IntVector)
              ((FloatVector) range.convert(VectorOperators.I2F, 0))
                  .div((FloatVector) value.max(1).convert(VectorOperators.I2F, 0))
                  .mul(255f)
                  .convert(VectorOperators.F2I, 0);
      FloatVector product = (FloatVector) value.mul(saturation).convert(VectorOperators.I2F, 0);
      IntVector place = hue.add(shift).and(0xFF).mul(6);
      IntVector result = IntVector.zero(INTS);
      for (int channel = 0; channel < 3; channel++) {
        IntVector away = place.sub(CENTRES[channel]).abs().mul(SIGNS[channel]).add(BIASES[channel]);
        FloatVector distance =
            (FloatVector) away.max(0).min(SEXTANT).convert(VectorOperators.I2F, 0);
        IntVector lost =
            (IntVector)
                product
                    .mul(distance)
                    .add(BELOW_HALF_SQUARE)
                    .mul(1f / SQUARE)
                    .convert(VectorOperators.F2I, 0);
        result = result.or(value.sub(lost).lanewise(VectorOperators.LSHL, Byte.SIZE * channel));
      }
      result.reinterpretAsBytes().rearrange(CLOSE).blend(old, BEHIND).intoArray(out, i);
    }
  }
}
