package io.urrl.augment.image;

/**
 * Decodes JPEG, PNG, WebP and BMP, told apart by their first bytes, to the pixels that PIL's {@code
 * convert("RGB")} gives. EXIF orientation is not applied, as torchvision's loader does not. A
 * truncated file is an error, as it is for PIL by default.
 *
 * <p>JPEG goes through the system's TurboJPEG where it is installed and else through the bundled
 * libjpeg-turbo; both give the same pixels. An instance keeps scratch memory: one thread at a time.
 */
public final class PictureDecoder {
  private final PixelLimit limit;
  private final JpegCodec jpeg;
  private PngPixels png;
  private BmpPixels bmp;
  private WebpPixels webp;

  /** A decoder with {@link PixelLimit#STANDARD}. */
  public PictureDecoder() {
    this(PixelLimit.STANDARD, JpegCodec.best());
  }

  /** A decoder with a bound of its own. */
  public PictureDecoder(PixelLimit limit) {
    this(limit, JpegCodec.best());
  }

  PictureDecoder(PixelLimit limit, JpegCodec jpeg) {
    this.limit = limit;
    this.jpeg = jpeg;
  }

  /** Whether JPEG goes through the system's TurboJPEG, the fastest way. */
  public static boolean usesSystemJpeg() {
    return TurboJpeg.available();
  }

  /**
   * Decodes a whole file.
   *
   * @param bytes the file's content
   * @param length bytes that mean something
   * @throws BrokenPictureException when the file is truncated, damaged, too large or of another
   *     kind; nothing else is thrown because of a file's content
   */
  public void decode(byte[] bytes, int length, Picture into) throws BrokenPictureException {
    try {
      if (length >= 3 && (bytes[0] & 0xFF) == 0xFF && (bytes[1] & 0xFF) == 0xD8) {
        JpegStructure structure = JpegStructure.of(bytes, length);
        limit.check(structure.width(), structure.height());
        jpeg.decode(bytes, length, structure, into);
      } else if (PngStream.accepts(bytes, length)) {
        png = png == null ? new PngPixels() : png;
        png.decode(bytes, length, limit, into);
      } else if (WebpPixels.accepts(bytes, length)) {
        webp = webp == null ? new WebpPixels() : webp;
        webp.decode(bytes, length, limit, into);
      } else if (BmpHeader.accepts(bytes, length)) {
        bmp = bmp == null ? new BmpPixels() : bmp;
        bmp.decode(bytes, length, limit, into);
      } else {
        throw new BrokenPictureException("neither JPEG nor PNG, WebP or BMP");
      }
    } catch (RuntimeException | StackOverflowError e) {
      // Whatever a decoder meets in a file, the file is at fault, and nobody else must fail by it.
      throw new BrokenPictureException("damaged in a way that no decoder expects: " + e, e);
    } catch (OutOfMemoryError e) {
      // One huge picture must not end the process: everybody else's memory is untouched.
      throw new BrokenPictureException("too large for the memory that Java may take (-Xmx)", e);
    }
  }
}
