package io.urrl.augment.data;

import io.urrl.actors.random.Philox;
import io.urrl.actors.random.RandomStream;
import io.urrl.augment.image.Picture;
import java.util.List;
import java.util.Locale;

/**
 * Pictures of shapes, drawn in code: the class is the outline alone. Pose, place, size, colours,
 * textures, background and clutter are random and independent of the class, so that neither a
 * colour nor a position tells it. A picture is a function of (seed, split, number), with the same
 * bits on every machine.
 */
public final class Shapes implements PictureSet {
  /** Height and width of a picture. */
  public static final int SIDE = 40;

  /** Changes whenever the same number gives another picture. */
  private static final int EDITION = 1;

  private static final List<Outline> CLASSES = List.of(Outline.values());

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

  /** The part of a set that its settings describe. */
  static Shapes of(ShapesSettings settings, Split split) {
    return new Shapes(
        settings.seed(), split, split == Split.TRAIN ? settings.train() : settings.test());
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
    return CLASSES.get(label).name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String name(int sample) {
    return className(label(sample)) + "-" + sample;
  }

  @Override
  public long fingerprint() {
    return new Fingerprint()
        .add(PictureSets.SHAPES)
        .add(EDITION)
        .add(seed)
        .add(split.name())
        .add(size)
        .value();
  }

  @Override
  public void read(int sample, Picture into) {
    Philox random = RandomStream.shape(new Philox(seed), split == Split.TRAIN ? 0 : 1, sample);
    byte[] data = into.resize(SIDE, SIDE);
    boolean dark = random.chance(0.5);
    Paint background = Paint.random(random, dark);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        background.put(data, 3 * (y * SIDE + x), x, y, 1);
      }
    }
    int strokes = random.nextInt(3);
    for (int stroke = 0; stroke < strokes; stroke++) {
      Pose pose = Pose.random(random, 0.06, 0.14);
      PolygonFill.fill(
          data, SIDE, pose.place(Outline.BAR.points()), Paint.random(random, random.chance(0.5)));
    }
    copies(data, CLASSES.get(label(sample)), dark, random);
    noise(data, into.length(), random);
  }

  /**
   * The outline a few times over, each time in another pose and paint: what two crops of a picture
   * have in common is the outline.
   */
  private static void copies(byte[] data, Outline outline, boolean onDark, Philox random) {
    Pose[] poses = new Pose[2 + random.nextInt(3)];
    for (int copy = 0; copy < poses.length; copy++) {
      Pose pose = Pose.random(random, 0.16, 0.26);
      for (int attempt = 0; attempt < 30 && pose.meets(poses, copy); attempt++) {
        pose = Pose.random(random, 0.16, 0.26);
      }
      poses[copy] = pose;
      PolygonFill.fill(data, SIDE, pose.place(outline.points()), Paint.random(random, !onDark));
    }
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
