package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.actors.random.RandomStream;
import io.urrl.augment.image.Picture;

/**
 * A picture of ice on a window, drawn in code: ridged value noise in several octaves for the
 * frosted glass, six-armed crystals with side branches on it, thinner in some places than in
 * others, tinted blue. A texture is a function of its number.
 */
final class IceTexture {
  private static final int SIDE = 640;
  private static final long SEED = 0x1CE;
  private static final int OCTAVES = 5;
  private static final int COARSEST_CELLS = 5;
  private static final double PERSISTENCE = 0.62;
  private static final int COVER_CELLS = 3;
  private static final int CRYSTALS = 90;
  private static final int ARMS = 6;

  private final Philox random;
  private final double[] crystals = new double[SIDE * SIDE];

  private IceTexture(int number) {
    random = RandomStream.iceTexture(new Philox(SEED), number);
  }

  /** Draws a texture. */
  static Picture draw(int number) {
    return new IceTexture(number).picture();
  }

  private Picture picture() {
    double[] glass = frostedGlass();
    double[] cover = noise(COVER_CELLS);
    for (int i = 0; i < CRYSTALS; i++) {
      crystal();
    }
    Picture texture = new Picture();
    byte[] data = texture.resize(SIDE, SIDE);
    for (int i = 0, at = 0; i < glass.length; i++, at += 3) {
      double thickness = 0.35 + 0.9 * cover[i];
      double ice = thickness * (0.15 + 0.85 * glass[i] + 0.5 * Math.min(1, crystals[i]));
      double white = Math.clamp(ice, 0, 1);
      data[at] = Levels.stored(StrictMath.pow(white, 1.25));
      data[at + 1] = Levels.stored(StrictMath.pow(white, 1.08));
      data[at + 2] = Levels.stored(StrictMath.pow(white, 0.92));
    }
    return texture;
  }

  /** Octaves of noise, folded at a half so that each has ridges, and darkened. */
  private double[] frostedGlass() {
    double[] sum = new double[SIDE * SIDE];
    double weight = 1;
    double weights = 0;
    for (int octave = 0; octave < OCTAVES; octave++) {
      double[] layer = noise(COARSEST_CELLS << octave);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += weight * (1 - Math.abs(2 * layer[i] - 1));
      }
      weights += weight;
      weight *= PERSISTENCE;
    }
    for (int i = 0; i < sum.length; i++) {
      double ridges = sum[i] / weights;
      sum[i] = ridges * Math.sqrt(ridges);
    }
    return sum;
  }

  /** Random values on a lattice of {@code cells} × {@code cells}, smoothly interpolated. */
  private double[] noise(int cells) {
    int row = cells + 1;
    double[] lattice = new double[row * row];
    Draws.uniforms(random, lattice, lattice.length);
    double[] values = new double[SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      double placeY = y * cells / (double) SIDE;
      int cellY = (int) placeY;
      double shareY = smooth(placeY - cellY);
      for (int x = 0; x < SIDE; x++) {
        double placeX = x * cells / (double) SIDE;
        int cellX = (int) placeX;
        double shareX = smooth(placeX - cellX);
        int at = cellY * row + cellX;
        double upper = lattice[at] + (lattice[at + 1] - lattice[at]) * shareX;
        double lower = lattice[at + row] + (lattice[at + row + 1] - lattice[at + row]) * shareX;
        values[y * SIDE + x] = upper + (lower - upper) * shareY;
      }
    }
    return values;
  }

  private static double smooth(double share) {
    return share * share * (3 - 2 * share);
  }

  /** Six arms from a random place, each with pairs of branches at 60 degrees. */
  private void crystal() {
    double x = random.uniform(0, SIDE);
    double y = random.uniform(0, SIDE);
    double turn = random.uniform(0, Math.PI / 3);
    double length = random.uniform(12, 70);
    double light = random.uniform(0.25, 0.8);
    for (int arm = 0; arm < ARMS; arm++) {
      double angle = turn + arm * Math.PI / 3;
      double reach = length * random.uniform(0.6, 1);
      needle(x, y, angle, reach, light);
      for (double along = 0.3 * reach; along < reach; along += random.uniform(4, 9)) {
        double rootX = x + along * StrictMath.cos(angle);
        double rootY = y + along * StrictMath.sin(angle);
        double branch = 0.45 * (reach - along) * random.uniform(0.5, 1);
        needle(rootX, rootY, angle + Math.PI / 3, branch, 0.8 * light);
        needle(rootX, rootY, angle - Math.PI / 3, branch, 0.8 * light);
      }
    }
  }

  /** A line that fades out, spread over the four pixels around each of its points. */
  private void needle(double x, double y, double angle, double length, double light) {
    double stepX = StrictMath.cos(angle) / 2;
    double stepY = StrictMath.sin(angle) / 2;
    int steps = (int) (2 * length);
    for (int step = 0; step < steps; step++) {
      double placeX = x + step * stepX;
      double placeY = y + step * stepY;
      int column = (int) Math.floor(placeX);
      int row = (int) Math.floor(placeY);
      double right = placeX - column;
      double down = placeY - row;
      double here = light * (1 - 0.7 * step / steps);
      lighten(column, row, here * (1 - right) * (1 - down));
      lighten(column + 1, row, here * right * (1 - down));
      lighten(column, row + 1, here * (1 - right) * down);
      lighten(column + 1, row + 1, here * right * down);
    }
  }

  private void lighten(int column, int row, double light) {
    if (column >= 0 && column < SIDE && row >= 0 && row < SIDE) {
      crystals[row * SIDE + column] += light;
    }
  }
}
