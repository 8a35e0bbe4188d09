package io.urrl.augment.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes pictures without loss. */
public final class PngFile {
  private static final int[] CHANNELS = {0, 1, 2};

  /** Writes a picture, over what was there. */
  public static void write(Path file, Picture picture) throws IOException {
    Files.write(file, of(picture));
  }

  /** The bytes of a PNG file. */
  public static byte[] of(Picture picture) {
    WritableRaster samples =
        Raster.createInterleavedRaster(
            new DataBufferByte(picture.data(), picture.length()),
            picture.width(),
            picture.height(),
            3 * picture.width(),
            3,
            CHANNELS,
            null);
    ComponentColorModel colours =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            ComponentColorModel.OPAQUE,
            DataBuffer.TYPE_BYTE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(new BufferedImage(colours, samples, false, null), "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private PngFile() {}
}
