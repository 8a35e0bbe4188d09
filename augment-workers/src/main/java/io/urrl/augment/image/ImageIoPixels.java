package io.urrl.augment.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * What the JDK's readers deliver: the samples of a file, before any colour conversion of theirs.
 */
final class ImageIoPixels {

  /**
   * Decodes a PNG or BMP file.
   *
   * @param format the reader's name, {@code png} or {@code bmp}
   */
  static BufferedImage image(byte[] bytes, int length, String format, PixelLimit limit)
      throws BrokenPictureException {
    return read(
        bytes,
        length,
        format,
        reader -> {
          limit.check(reader.getWidth(0), reader.getHeight(0));
          return reader.read(0);
        });
  }

  /** Components of a JPEG as its stream holds them, of a size that was checked before. */
  static Raster components(byte[] bytes, int length) throws BrokenPictureException {
    return read(bytes, length, "jpeg", reader -> reader.readRaster(0, null));
  }

  /** What is read with a reader that has its input. */
  private interface Reading<T> {
    T from(ImageReader reader) throws IOException, BrokenPictureException;
  }

  private static <T> T read(byte[] bytes, int length, String format, Reading<T> reading)
      throws BrokenPictureException {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    try (Input input = new Input(bytes, length)) {
      reader.setInput(input, true, true);
      return reading.from(reader);
    } catch (IOException | RuntimeException e) {
      // The readers meet damage with exceptions of many kinds.
      throw new BrokenPictureException(
          "the %s stream is damaged: %s".formatted(format.toUpperCase(Locale.ROOT), e.getMessage()),
          e);
    } finally {
      reader.dispose();
    }
  }

  /** Bytes in memory as the readers want them, without the copy on disk that the JDK would make. */
  private static final class Input extends ImageInputStreamImpl {
    private final byte[] bytes;
    private final int length;

    Input(byte[] bytes, int length) {
      this.bytes = bytes;
      this.length = length;
    }

    @Override
    public int read() throws IOException {
      checkClosed();
      bitOffset = 0;
      return streamPos < length ? bytes[(int) streamPos++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int at, int count) throws IOException {
      checkClosed();
      bitOffset = 0;
      if (streamPos >= length) {
        return -1;
      }
      int taken = (int) Math.min(count, length - streamPos);
      System.arraycopy(bytes, (int) streamPos, into, at, taken);
      streamPos += taken;
      return taken;
    }

    @Override
    public long length() {
      return length;
    }
  }

  private ImageIoPixels() {}
}
