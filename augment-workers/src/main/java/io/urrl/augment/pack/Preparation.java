package io.urrl.augment.pack;

import io.urrl.augment.data.EncodedPictures;
import io.urrl.augment.data.PackForm;
import io.urrl.augment.data.PackRecord;
import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;
import io.urrl.augment.image.PngFile;
import io.urrl.augment.transform.Operations;

/**
 * What happens to a picture before it is packed. Safe for any thread.
 *
 * @param shorterSide pictures whose shorter side is longer are resized to this one, as
 *     torchvision's Resize does (PIL's bilinear with antialiasing, the longer side cut off to a
 *     whole number); none is enlarged; 0: nothing is resized
 * @param decoded whether pixels are packed instead of files
 */
public record Preparation(int shorterSide, boolean decoded) {
  private static final ThreadLocal<Tools> TOOLS = ThreadLocal.withInitial(Tools::new);

  /** What a thread needs. */
  private static final class Tools {
    final PictureDecoder decoder = new PictureDecoder();
    final Operations operations = new Operations();
    final Picture picture = new Picture();
    final Picture resized = new Picture();
  }

  /** The form of a pack of such pictures. */
  PackForm form() {
    if (decoded) {
      return PackForm.DECODED;
    }
    return shorterSide > 0 ? PackForm.LOSSLESS : PackForm.AS_FOUND;
  }

  /** Prepares a picture; one that cannot be read becomes the reason why. */
  PackRecord prepare(EncodedPictures set, int sample) {
    try {
      byte[] file = set.encoded(sample);
      return form() == PackForm.AS_FOUND ? PackRecord.encoded(file) : prepare(file);
    } catch (BrokenPictureException e) {
      return PackRecord.broken(e.getMessage());
    }
  }

  private PackRecord prepare(byte[] file) throws BrokenPictureException {
    Tools tools = TOOLS.get();
    Picture picture = tools.picture;
    tools.decoder.decode(file, file.length, picture);
    int shorter = Math.min(picture.width(), picture.height());
    if (shorterSide == 0 || shorter <= shorterSide) {
      return decoded ? PackRecord.pixels(picture) : PackRecord.encoded(file);
    }
    int width = (int) ((long) picture.width() * shorterSide / shorter);
    int height = (int) ((long) picture.height() * shorterSide / shorter);
    tools.operations.resizedCrop(
        picture, 0, 0, picture.height(), picture.width(), height, width, tools.resized);
    return decoded
        ? PackRecord.pixels(tools.resized)
        : PackRecord.encoded(PngFile.of(tools.resized));
  }
}
