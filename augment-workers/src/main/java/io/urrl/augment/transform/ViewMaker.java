package io.urrl.augment.transform;

import io.urrl.actors.random.Philox;
import io.urrl.actors.random.RandomStream;
import io.urrl.augment.image.Picture;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.kernel.MixKernel;
import java.lang.foreign.MemorySegment;

/**
 * Makes views of pictures. A view's bytes are a function of the picture, the recipe and (seed,
 * epoch, sample, view): of nothing else, neither the order of calls nor the thread.
 *
 * <p>For one thread; allocates only while its memory grows to the largest picture.
 */
public final class ViewMaker {
  private final int size;
  private final Philox random;
  private final ViewPlan plan;
  private final Operations operations;
  private final MixKernel mixture;
  private final Picture view = new Picture();
  private final Census census;
  private final Canvas[] canvases = new Canvas[ViewPlan.WIDTH];
  private final byte[][] chains = new byte[ViewPlan.WIDTH][];

  /**
   * @param size height and width of a view
   * @param seed keys all randomness
   */
  public ViewMaker(ViewRecipe recipe, int size, long seed) {
    this(recipe, size, seed, KernelSet.chosen());
  }

  /** With the kernels of a set. */
  ViewMaker(ViewRecipe recipe, int size, long seed, KernelSet set) {
    this.size = size;
    random = new Philox(seed);
    plan = new ViewPlan(recipe, size);
    operations = new Operations(set);
    mixture = MixKernel.of(set);
    census = new Census(set);
    for (int i = 0; i < canvases.length; i++) {
      canvases[i] = new Canvas(set);
    }
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
   * @param into takes uint8 [3, size, size]
   */
  public void view(Picture picture, int epoch, int sample, int index, MemorySegment into) {
    RandomStream.view(random, epoch, sample, index);
    plan.draw(picture.width(), picture.height(), random);
    crop(picture);
    if (plan.robust()) {
      mix();
    } else {
      represent();
    }
    operations.planes(view, into);
  }

  /** What was drawn for the last view, for people. */
  public String description() {
    return plan.describe();
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
    operations.planes(view, into);
  }

  /** T_rep flips at its end, which gives the same: no operation between tells left from right. */
  private void crop(Picture picture) {
    CropBox box = plan.box();
    operations.resizedCrop(
        picture,
        box.top(),
        box.left(),
        box.height(),
        box.width(),
        size,
        size,
        plan.flipped(),
        view);
  }

  private void represent() {
    Canvas canvas = canvases[0];
    canvas.over(view);
    if (plan.jittered()) {
      plan.jitter().apply(canvas);
    }
    if (plan.gray()) {
      canvas.grayscale();
    }
    if (plan.sigma() > 0) {
      operations.gaussianBlur(canvas.changing(), plan.sigma());
    }
    canvas.result();
  }

  /** Mixing is affine, so it is done on bytes and rounded once: within 1/510 of mixing tensors. */
  private void mix() {
    census.forget();
    for (int i = 0; i < canvases.length; i++) {
      canvases[i].from(view, census);
      plan.chain(i).apply(operations, canvases[i]);
      chains[i] = canvases[i].result().data();
    }
    mixture.mix(view.data(), chains, plan.weights(), plan.share(), view.data(), view.length());
  }
}
