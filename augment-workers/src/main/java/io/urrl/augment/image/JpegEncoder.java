package io.urrl.augment.image;

import nu.pattern.OpenCV;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.imgcodecs.Imgcodecs;

/**
 * Encodes JPEG as PIL does: libjpeg-turbo with its standard tables, accurate integer DCT and 4:2:0.
 * OpenCV's artifact bundles it.
 *
 * <p>An instance keeps scratch memory: one thread at a time.
 */
public final class JpegEncoder {
  private final Mat pixels = new Mat();
  private final MatOfByte stream = new MatOfByte();
  private byte[] swapped = new byte[0];

  static {
    OpenCV.loadLocally();
  }

  /**
   * Encodes a picture.
   *
   * @param quality 1..100, on libjpeg's scale
   * @return the whole file
   */
  public byte[] encode(Picture picture, int quality) {
    int length = picture.length();
    if (swapped.length < length) {
      swapped = new byte[length];
    }
    byte[] data = picture.data();
    for (int i = 0; i < length; i += 3) {
      swapped[i] = data[i + 2];
      swapped[i + 1] = data[i + 1];
      swapped[i + 2] = data[i];
    }
    pixels.create(picture.height(), picture.width(), CvType.CV_8UC3);
    pixels.put(0, 0, swapped, 0, length);
    MatOfInt options = new MatOfInt(Imgcodecs.IMWRITE_JPEG_QUALITY, quality);
    try {
      if (!Imgcodecs.imencode(".jpg", pixels, stream, options)) {
        throw new IllegalStateException("libjpeg-turbo refuses to encode");
      }
      return stream.toArray();
    } finally {
      options.release();
    }
  }
}
