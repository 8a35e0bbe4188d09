package io.urrl.augment.data;

import io.urrl.actors.random.Philox;

/** A texture of two colours: plain, a gradient, stripes, or checks, at any angle. */
final class Paint {
  private final int[] first;
  private final int[] second;
  private final int kind;
  private final double directionX;
  private final double directionY;
  private final double period;
  private final double phase;

  private Paint(int[] colour, Philox random) {
    first = colour;
    second = near(first, 20, random);
    kind = random.nextInt(4);
    double angle = random.uniform(0, Math.PI);
    directionX = StrictMath.cos(angle);
    directionY = StrictMath.sin(angle);
    period = random.uniform(3, 9);
    phase = random.uniform(0, 9);
  }

  /** A dark paint or a light one, of any hue. */
  static Paint random(Philox random, boolean dark) {
    int grey = 20 + random.nextInt(81) + (dark ? 0 : 135);
    return new Paint(near(new int[] {grey, grey, grey}, 35, random), random);
  }

  private static int[] near(int[] colour, int reach, Philox random) {
    int[] other = new int[3];
    for (int channel = 0; channel < 3; channel++) {
      other[channel] = Math.clamp(colour[channel] + random.nextInt(2 * reach + 1) - reach, 0, 255);
    }
    return other;
  }

  /** Lays the paint over a pixel. */
  void put(byte[] data, int at, int x, int y, double cover) {
    double along = x * directionX + y * directionY + phase;
    double across = x * -directionY + y * directionX + phase;
    double share =
        switch (kind) {
          case 0 -> 0;
          case 1 -> Math.clamp(along / Shapes.SIDE, 0.0, 1.0);
          case 2 -> stripe(along);
          default -> stripe(along) == stripe(across) ? 1 : 0;
        };
    for (int channel = 0; channel < 3; channel++) {
      double colour = first[channel] + share * (second[channel] - first[channel]);
      double mixed = (data[at + channel] & 0xFF) * (1 - cover) + colour * cover;
      data[at + channel] = (byte) (int) (mixed + 0.5);
    }
  }

  private double stripe(double place) {
    return ((long) Math.floor(place / period) & 1) == 0 ? 0 : 1;
  }
}
