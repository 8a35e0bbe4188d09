package io.urrl.augment.transform;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Makes views of pictures. A view's bytes are a function of the picture, the recipe and (seed,
 * epoch, sample, view): of nothing else, neither the order of calls nor the thread.
 *
 * <p>For one thread; allocates only while its memory grows to the largest picture.
 */
public final class ViewMaker {
  private static final int WIDTH = 3;
  private static final int DEEPEST = 3;
  private static final double LOWEST_LEVEL = 0.1;

  private final ViewRecipe recipe;
  private final int size;
  private final Philox random;
  private final Operations operations = new Operations();
  private final Picture view = new Picture();
  private final Picture link = new Picture();
  private final float[] mixed;
  private final float[] weights = new float[WIDTH];
  private final byte[] planes;
  private final StringBuilder label = new StringBuilder();

  /**
   * @param size height and width of a view
   * @param seed keys all randomness
   */
  public ViewMaker(ViewRecipe recipe, int size, long seed) {
    this.recipe = recipe;
    this.size = size;
    random = new Philox(seed);
    mixed = new float[3 * size * size];
    planes = new byte[3 * size * size];
  }

  /**
   * Makes a pair of views.
   *
   * @param query takes uint8 [3, size, size]
   * @param key takes uint8 [3, size, size]
   */
  public void views(
      Picture picture, int epoch, int sample, MemorySegment query, MemorySegment key) {
    view(picture, epoch, sample, 0, query);
    view(picture, epoch, sample, 1, key);
  }

  /**
   * Makes one view.
   *
   * @param index 0 for the query's, 1 for the key's
   * @return what was drawn, for people; valid until the next view
   */
  public CharSequence view(Picture picture, int epoch, int sample, int index, MemorySegment into) {
    random.position(epoch, sample, index);
    label.setLength(0);
    if (random.chance(recipe.robust())) {
      label.append("T_rob");
      robust(picture);
    } else {
      label.append("T_rep");
      representation(picture);
    }
    write(view, into);
    return label;
  }

  /**
   * Makes the picture that evaluation uses: for small sizes the shorter side resized to {@code
   * size}, else to size·256/224, and the central square.
   *
   * @param into takes uint8 [3, size, size]
   */
  public void evaluation(Picture picture, MemorySegment into) {
    int shorter = size <= ViewRecipe.SMALL ? size : (int) Math.rint(size * 256.0 / 224.0);
    operations.resizeCentreCrop(picture, shorter, size, view);
    write(view, into);
  }

  private void representation(Picture picture) {
    MocoOperations.crop(operations, picture, size, view, random);
    if (random.chance(0.8)) {
      label.append(" jitter");
      MocoOperations.jitter(operations, view, random);
    }
    if (random.chance(0.2)) {
      label.append(" gray");
      operations.grayscale(view);
    }
    if (recipe.blur() && random.chance(0.5)) {
      label.append(" blur");
      MocoOperations.blur(operations, view, random);
    }
    if (random.chance(0.5)) {
      label.append(" flip");
      operations.flip(view);
    }
  }

  private void robust(Picture picture) {
    MocoOperations.crop(operations, picture, size, view, random);
    if (random.chance(0.5)) {
      label.append(" flip");
      operations.flip(view);
    }
    dirichlet();
    float share = (float) random.nextDouble();
    java.util.Arrays.fill(mixed, 0f);
    for (int chain = 0; chain < WIDTH; chain++) {
      label.append(chain == 0 ? " " : " | ");
      link.copyFrom(view);
      int depth = 1 + random.nextInt(DEEPEST);
      for (int i = 0; i < depth; i++) {
        link();
        label.append(i + 1 < depth ? "+" : "");
      }
      add(weights[chain]);
    }
    mix(share);
  }

  private void link() {
    AugMixOperation operation = recipe.operations().get(random.nextInt(recipe.operations().size()));
    double level = random.uniform(LOWEST_LEVEL, recipe.severity());
    double parameter = operation.parameter(level, size, random.chance(0.5));
    label.append(operation.name().toLowerCase(java.util.Locale.ROOT));
    operation.apply(operations, link, parameter, random);
  }

  /** Dirichlet(1, 1, 1): exponentials over their sum. */
  private void dirichlet() {
    double sum = 0;
    for (int i = 0; i < WIDTH; i++) {
      double exponential = -StrictMath.log(1 - random.nextDouble());
      weights[i] = (float) exponential;
      sum += exponential;
    }
    for (int i = 0; i < WIDTH; i++) {
      weights[i] = (float) (weights[i] / sum);
    }
  }

  private void add(float weight) {
    byte[] data = link.data();
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] += weight * (data[i] & 0xFF);
    }
  }

  /** Mixing is affine, so it is done on bytes and rounded once: within 1/510 of mixing tensors. */
  private void mix(float share) {
    byte[] data = view.data();
    for (int i = 0; i < mixed.length; i++) {
      float value = (1 - share) * (data[i] & 0xFF) + share * mixed[i];
      data[i] = (byte) Math.clamp((int) (value + 0.5f), 0, 255);
    }
  }

  /** Interleaved to planes. */
  private void write(Picture picture, MemorySegment into) {
    byte[] data = picture.data();
    int plane = size * size;
    for (int i = 0, at = 0; i < plane; i++, at += 3) {
      planes[i] = data[at];
      planes[plane + i] = data[at + 1];
      planes[2 * plane + i] = data[at + 2];
    }
    MemorySegment.copy(planes, 0, into, ValueLayout.JAVA_BYTE, 0, planes.length);
  }
}
