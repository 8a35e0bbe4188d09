package io.urrl.augment.image;

import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStreamImpl;

/** What the JDK's JPEG reader delivers: samples as the stream holds them. */
final class ImageIoPixels {

  /** Components of a JPEG as its stream holds them, of a size that was checked before. */
  static Raster components(byte[] bytes, int length) throws BrokenPictureException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (Input input = new Input(bytes, length)) {
      reader.setInput(input, true, true);
      return reader.readRaster(0, null);
    } catch (IOException | RuntimeException e) {
      // The readers meet damage with exceptions of many kinds.
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      throw new BrokenPictureException("the JPEG stream is damaged: " + reason, e);
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
