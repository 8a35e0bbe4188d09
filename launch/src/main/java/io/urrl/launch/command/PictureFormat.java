package io.urrl.launch.command;

import io.urrl.augment.image.JpegEncoder;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PngFile;
import io.urrl.launch.UsageException;
import java.nio.file.Path;
import java.util.Locale;

/** Formats that pictures are written in, chosen by a file's suffix. */
enum PictureFormat {
  PNG,
  JPEG;

  /**
   * The format of a file to be written.
   *
   * @throws UsageException when its name has another suffix
   */
  static PictureFormat of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".png")) {
      return PNG;
    }
    if (name.endsWith(".jpg") || name.endsWith(".jpeg")) {
      return JPEG;
    }
    throw new UsageException(
        file + " must end in .png, .jpg or .jpeg: other kinds of pictures are not written");
  }

  /**
   * The bytes of a file.
   *
   * @param quality of JPEG, 1 to 100; PNG is without loss
   */
  byte[] encode(Picture picture, int quality) {
    return switch (this) {
      case PNG -> PngFile.of(picture);
      case JPEG -> new JpegEncoder().encode(picture, quality);
    };
  }
}
