package io.urrl.augment.data;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;
import java.util.List;

/**
 * Pictures of shapes, drawn in code: the class is the outline alone. Pose, place, size, colours,
 * textures, background and clutter are random and independent of the class, so that neither a
 * colour nor a position tells it. A picture is a function of (seed, split, number), with the same
 * bits on every machine.
 */
public final class Shapes implements PictureSet {
  /** Height and width of a picture. */
  public static final int SIDE = 40;

  private static final int TRAIN = 6_000;
  private static final int TEST = 1_200;
  private static final long SEED = 20_200_928;
  private static final List<Outline> CLASSES = List.of(Outline.values());
  private static final int OVERSAMPLING = 3;

  private final long seed;
  private final Split split;
  private final int size;

  /**
   * @param size number of pictures, evenly spread over the classes
   */
  public Shapes(long seed, Split split, int size) {
    this.seed = seed;
    this.split = split;
    this.size = size;
  }

  /** The set that {@code shapes} names. */
  static Shapes standard(Split split) {
    return new Shapes(SEED, split, split == Split.TRAIN ? TRAIN : TEST);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int classes() {
    return CLASSES.size();
  }

  @Override
  public int label(int sample) {
    return sample % CLASSES.size();
  }

  @Override
  public String className(int label) {
    return CLASSES.get(label).name().toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public String name(int sample) {
    return className(label(sample)) + "-" + sample;
  }

  @Override
  public long fingerprint() {
    return seed * 31 + size;
  }

  @Override
  public void read(int sample, Picture into) {
    Philox random = new Philox(seed).position(split == Split.TRAIN ? 0 : 1, sample, 0);
    byte[] data = into.resize(SIDE, SIDE);
    Paint background = Paint.random(random);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        background.put(data, 3 * (y * SIDE + x), x, y, 1);
      }
    }
    int strokes = random.nextInt(3);
    for (int stroke = 0; stroke < strokes; stroke++) {
      stroke(data, random);
    }
    shape(data, CLASSES.get(label(sample)), background, random);
    noise(data, into.length(), random);
  }

  /** A thin bar anywhere: edges that belong to no outline. */
  private static void stroke(byte[] data, Philox random) {
    double[] bar = transformed(Outline.BAR.points(), random, 0.06, 0.14, 0.5);
    fill(data, bar, Paint.random(random));
  }

  private static void shape(byte[] data, Outline outline, Paint background, Philox random) {
    Paint paint = Paint.random(random);
    for (int attempt = 0; attempt < 20 && paint.contrast(background) < 110; attempt++) {
      paint = Paint.random(random);
    }
    fill(data, transformed(outline.points(), random, 0.26, 0.44, 0.12), paint);
  }

  /**
   * Corners at a random place, size, turn and shear.
   *
   * @param smallest radius as a fraction of the side
   * @param largest radius as a fraction of the side
   * @param reach farthest distance of the centre from the picture's, as a fraction of the side
   */
  private static double[] transformed(
      double[] points, Philox random, double smallest, double largest, double reach) {
    double angle = random.uniform(-0.5, 0.5);
    double radius = SIDE * random.uniform(smallest, largest);
    double shear = random.uniform(-0.15, 0.15);
    double squeeze = random.uniform(0.85, 1);
    double mirror = random.chance(0.5) ? -1 : 1;
    double centreX = SIDE * (0.5 + random.uniform(-reach, reach));
    double centreY = SIDE * (0.5 + random.uniform(-reach, reach));
    double cosine = StrictMath.cos(angle);
    double sine = StrictMath.sin(angle);
    double[] moved = new double[points.length];
    for (int i = 0; i < points.length; i += 2) {
      double x = mirror * points[i] + shear * points[i + 1];
      double y = squeeze * points[i + 1];
      moved[i] = centreX + radius * (cosine * x - sine * y);
      moved[i + 1] = centreY + radius * (sine * x + cosine * y);
    }
    return moved;
  }

  /** Fills a polygon by the even-odd rule, with nine samples a pixel. */
  private static void fill(byte[] data, double[] corners, Paint paint) {
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int covered = 0;
        for (int sub = 0; sub < OVERSAMPLING * OVERSAMPLING; sub++) {
          double sampleX = x + (sub % OVERSAMPLING + 0.5) / OVERSAMPLING;
          int subRow = sub / OVERSAMPLING;
          double sampleY = y + (subRow + 0.5) / OVERSAMPLING;
          covered += inside(corners, sampleX, sampleY) ? 1 : 0;
        }
        if (covered > 0) {
          paint.put(
              data, 3 * (y * SIDE + x), x, y, (double) covered / (OVERSAMPLING * OVERSAMPLING));
        }
      }
    }
  }

  private static boolean inside(double[] corners, double x, double y) {
    boolean odd = false;
    int last = corners.length - 2;
    for (int i = 0; i < corners.length; i += 2) {
      double y1 = corners[i + 1];
      double y2 = corners[last + 1];
      if (y1 > y != y2 > y) {
        double crossing = (corners[last] - corners[i]) * (y - y1) / (y2 - y1) + corners[i];
        odd ^= x < crossing;
      }
      last = i;
    }
    return odd;
  }

  private static void noise(byte[] data, int length, Philox random) {
    int strength = random.nextInt(12);
    if (strength == 0) {
      return;
    }
    for (int i = 0; i < length; i++) {
      int value = (data[i] & 0xFF) + random.nextInt(2 * strength + 1) - strength;
      data[i] = (byte) Math.clamp(value, 0, 255);
    }
  }
}
