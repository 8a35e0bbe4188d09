package io.urrl.augment.image;

/**
 * Bound against decompression bombs: small files that ask for more memory than there is.
 *
 * @param pixels most pixels of a picture
 */
public record PixelLimit(long pixels) {
  /** PIL's: twice 1024³ / 4 / 3 pixels are an error. */
  public static final PixelLimit STANDARD = new PixelLimit(2L * 89_478_485);

  /**
   * Holds a header's size against the bound before memory is taken for it.
   *
   * @throws BrokenPictureException when it is empty or above the bound
   */
  void check(long width, long height) throws BrokenPictureException {
    if (width < 1 || height < 1) {
      throw new BrokenPictureException("an empty picture");
    }
    if (width > pixels / height) {
      throw new BrokenPictureException(
          width + " x " + height + " pixels are more than the limit of " + pixels);
    }
  }
}
