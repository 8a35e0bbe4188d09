package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.augment.image.Picture;

/**
 * Shrinks a picture by averaging boxes, and enlarges it again by repeating pixels (PIL's box
 * resizing, both ways).
 *
 * @param scale of the small picture's sides, cut off to whole pixels
 */
public record Pixelate(double scale) implements Corruption {

  @Override
  public void corrupt(Picture picture, Philox random, Scratch scratch) {
    apply(picture, scratch);
  }

  /** Corrupts; nothing is random. */
  public void apply(Picture picture, Scratch scratch) {
    int width = picture.width();
    int height = picture.height();
    Picture small = scratch.picture();
    BoxResize boxes = scratch.boxes();
    boxes.resize(
        picture, Math.max(1, (int) (width * scale)), Math.max(1, (int) (height * scale)), small);
    boxes.resize(small, width, height, picture);
  }
}
