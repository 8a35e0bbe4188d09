package io.urrl.augment.corrupt;

import io.urrl.augment.image.Picture;
import java.util.List;

/**
 * Ice textures for frost. The published set draws among photographs of frosted glass; as a matter
 * of licence they are not part of this program, which draws {@link IceTexture}s instead.
 *
 * @param pictures at least one, each larger than the pictures to corrupt
 */
public record FrostTextures(List<Picture> pictures) {
  /** How much smaller the textures are for pictures of 32 pixels. */
  private static final int REDUCTION = 5;

  private static final int DRAWN = 5;

  /** Checks that there is one. */
  public FrostTextures {
    pictures = List.copyOf(pictures);
    if (pictures.isEmpty()) {
      throw new IllegalArgumentException("frost needs at least one texture");
    }
  }

  /** Textures that are drawn in code, always the same. */
  public static FrostTextures drawn() {
    return new FrostTextures(
        java.util.stream.IntStream.range(0, DRAWN).mapToObj(IceTexture::draw).toList());
  }

  /**
   * A fifth of each texture, as the 32 × 32 set uses them: every fifth pixel of every fifth row,
   * from the third on, which is what OpenCV's bilinear resizing by 0.2 comes to.
   */
  public FrostTextures reduced() {
    return new FrostTextures(pictures.stream().map(FrostTextures::reduce).toList());
  }

  private static Picture reduce(Picture texture) {
    Picture small = new Picture();
    int width = (int) Math.rint(texture.width() / (double) REDUCTION);
    int height = (int) Math.rint(texture.height() / (double) REDUCTION);
    byte[] out = small.resize(Math.max(1, width), Math.max(1, height));
    int to = 0;
    for (int y = 0; y < small.height(); y++) {
      int line = Math.min(REDUCTION * y + REDUCTION / 2, texture.height() - 1) * texture.width();
      for (int x = 0; x < small.width(); x++) {
        int from = 3 * (line + Math.min(REDUCTION * x + REDUCTION / 2, texture.width() - 1));
        out[to++] = texture.data()[from];
        out[to++] = texture.data()[from + 1];
        out[to++] = texture.data()[from + 2];
      }
    }
    return small;
  }

  int size() {
    return pictures.size();
  }

  Picture get(int index) {
    return pictures.get(index);
  }
}
