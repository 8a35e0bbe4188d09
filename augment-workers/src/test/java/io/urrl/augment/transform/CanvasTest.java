package io.urrl.augment.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.KernelSet;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Operations held back and fused give what they give one after another. */
class CanvasTest {

  private enum Step {
    AUTOCONTRAST,
    EQUALIZE,
    POSTERIZE,
    SOLARIZE,
    BRIGHTNESS,
    CONTRAST,
    COLOUR,
    SHARPNESS,
    HUE,
    GRAYSCALE,
    SHEAR
  }

  record Act(Step step, double strength) {

    void on(Canvas canvas, Operations operations) {
      switch (step) {
        case AUTOCONTRAST -> canvas.autocontrast();
        case EQUALIZE -> canvas.equalize();
        case POSTERIZE -> canvas.posterize((int) (8.9 * strength));
        case SOLARIZE -> canvas.solarize((int) (257 * strength));
        case BRIGHTNESS -> canvas.brightness(2 * strength);
        case CONTRAST -> canvas.contrast(2 * strength);
        case COLOUR -> canvas.colour(2 * strength);
        case SHARPNESS -> canvas.sharpness(2 * strength);
        case HUE -> canvas.hue(strength - 0.5);
        case GRAYSCALE -> canvas.grayscale();
        case SHEAR -> operations.shearX(canvas.changing(), strength / 3);
      }
    }
  }

  @Provide
  Arbitrary<Act> acts() {
    // Strength 0.5 leaves brightness, contrast, colour and sharpness out.
    return Arbitraries.of(Step.class)
        .flatMap(
            step ->
                Arbitraries.oneOf(Arbitraries.just(0.5), Arbitraries.doubles().between(0, 1))
                    .map(strength -> new Act(step, strength)));
  }

  private static Picture random(long seed) {
    Random random = new Random(seed);
    Picture picture = new Picture();
    byte[] data = picture.resize(random.nextInt(1, 40), random.nextInt(1, 40));
    int low = random.nextInt(200);
    int high = random.nextInt(low + 1, 257);
    for (int i = 0; i < picture.length(); i++) {
      data[i] = (byte) random.nextInt(low, high);
    }
    return picture;
  }

  private static byte[] bytes(Picture picture) {
    return Arrays.copyOf(picture.data(), picture.length());
  }

  @Property(tries = 400)
  void aChainIsItsOperationsOneByOne(
      @ForAll @Size(max = 7) List<@net.jqwik.api.From("acts") Act> chain, @ForAll long seed) {
    Picture expected = random(seed);
    Operations operations = new Operations(KernelSet.SCALAR);
    Canvas single = new Canvas(KernelSet.SCALAR);
    for (Act act : chain) {
      single.over(expected);
      act.on(single, operations);
      single.result();
    }
    for (KernelSet set : KernelSet.values()) {
      Picture base = random(seed);
      Canvas canvas = new Canvas(set);
      Census census = new Census(set);
      for (int again = 0; again < 2; again++) {
        canvas.from(base, census);
        chain.forEach(act -> act.on(canvas, operations));
        assertArrayEquals(bytes(expected), bytes(canvas.result()), set::name);
        assertArrayEquals(bytes(random(seed)), bytes(base), "the base stays as it is");
      }
    }
  }

  @Test
  void aChainOfIdentitiesCostsNothing() {
    Picture base = random(3);
    Canvas canvas = new Canvas(KernelSet.SCALAR);
    canvas.from(base, new Census(KernelSet.SCALAR));
    canvas.posterize(8);
    canvas.solarize(256);
    canvas.brightness(1);
    canvas.contrast(1);
    canvas.colour(1);
    canvas.sharpness(1);
    assertSame(base, canvas.result());
  }

  /** The float form of a stretch, where there is one, against PIL's double, for every range. */
  @Test
  void stretchesInFloatAreExact() {
    float[] scale = new float[3];
    float[] offset = new float[3];
    int inFloat = 0;
    for (int low = 0; low < 256; low++) {
      for (int high = low; high < 256; high++) {
        if (Stretch.inFloat(low, high, 1, scale, offset)) {
          inFloat++;
          for (int value = low; value <= high; value++) {
            int got = Math.clamp((int) (value * scale[1] + offset[1]), 0, 255);
            assertEquals(Stretch.apply(value, low, high), got);
          }
        }
      }
    }
    assertEquals(29_880, inFloat, "of 32,896 ranges");
  }
}
