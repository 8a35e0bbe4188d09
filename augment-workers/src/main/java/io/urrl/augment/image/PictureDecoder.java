package io.urrl.augment.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import nu.pattern.OpenCV;
import org.opencv.core.CvException;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.imgcodecs.Imgcodecs;

/**
 * Decodes JPEG and PNG to the pixels that PIL gives. JPEG goes through libjpeg-turbo (accurate
 * integer DCT, smooth chroma upsampling), which OpenCV's artifact bundles; four-component JPEG and
 * PNG go through the JDK, which delivers their raw samples. EXIF orientation is not applied, as
 * torchvision does not.
 *
 * <p>An instance keeps scratch memory: one thread at a time.
 */
public final class PictureDecoder {
  /** PIL's limit against decompression bombs: twice 1024³ / 4 / 3 pixels are an error. */
  public static final long MOST_PIXELS = 2L * 89_478_485;

  private final Mat encoded = new MatOfByte();

  static {
    OpenCV.loadLocally();
  }

  /**
   * Decodes a whole file.
   *
   * @param bytes the file's content
   * @param length bytes that mean something
   * @throws BrokenPictureException when the file is truncated, damaged, too large or of another
   *     kind
   */
  public void decode(byte[] bytes, int length, Picture into) throws BrokenPictureException {
    if (length >= 3 && (bytes[0] & 0xFF) == 0xFF && (bytes[1] & 0xFF) == 0xD8) {
      decodeJpeg(bytes, length, into);
    } else if (length >= 8 && (bytes[0] & 0xFF) == 0x89 && bytes[1] == 'P' && bytes[2] == 'N') {
      PngPixels.decode(read(bytes, length, "png", false), into);
    } else {
      throw new BrokenPictureException("neither JPEG nor PNG");
    }
  }

  private void decodeJpeg(byte[] bytes, int length, Picture into) throws BrokenPictureException {
    JpegStructure structure = JpegStructure.of(bytes, length);
    checkSize(structure.width(), structure.height());
    if (structure.components() == 4) {
      CmykPixels.decode(read(bytes, length, "jpeg", true), structure, into);
      return;
    }
    encoded.create(1, length, org.opencv.core.CvType.CV_8U);
    encoded.put(0, 0, bytes, 0, length);
    Mat decoded = null;
    try {
      decoded =
          Imgcodecs.imdecode(encoded, Imgcodecs.IMREAD_COLOR | Imgcodecs.IMREAD_IGNORE_ORIENTATION);
      if (decoded.empty()) {
        throw new BrokenPictureException("the JPEG stream is damaged");
      }
      if (decoded.cols() != structure.width() || decoded.rows() != structure.height()) {
        throw new BrokenPictureException("the JPEG stream contradicts its header");
      }
      byte[] data = into.resize(decoded.cols(), decoded.rows());
      decoded.get(0, 0, data);
      for (int i = 0; i < into.length(); i += 3) {
        byte blue = data[i];
        data[i] = data[i + 2];
        data[i + 2] = blue;
      }
    } catch (CvException e) {
      throw new BrokenPictureException("the JPEG stream cannot be decoded", e);
    } finally {
      if (decoded != null) {
        decoded.release();
      }
    }
  }

  /** Raw samples of all kinds that the JDK knows, before any colour conversion of its own. */
  private static DecodedRaster read(byte[] bytes, int length, String format, boolean raster)
      throws BrokenPictureException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    ImageReader reader = readers.next();
    try (ImageInputStream stream =
        ImageIO.createImageInputStream(new ByteArrayInputStream(bytes, 0, length))) {
      reader.setInput(stream, true, true);
      checkSize(reader.getWidth(0), reader.getHeight(0));
      if (raster) {
        return new DecodedRaster(reader.readRaster(0, null), null);
      }
      var image = reader.read(0);
      return new DecodedRaster(image.getRaster(), image.getColorModel());
    } catch (IOException | RuntimeException e) {
      throw new BrokenPictureException(
          "the "
              + format.toUpperCase(java.util.Locale.ROOT)
              + " stream is damaged: "
              + e.getMessage(),
          e);
    } finally {
      reader.dispose();
    }
  }

  private static void checkSize(int width, int height) throws BrokenPictureException {
    if (width < 1 || height < 1) {
      throw new BrokenPictureException("an empty picture");
    }
    if ((long) width * height > MOST_PIXELS) {
      throw new BrokenPictureException(
          width + " x " + height + " pixels are more than the limit of " + MOST_PIXELS);
    }
  }
}
