package io.urrl.augment.corrupt;

import io.urrl.actors.files.FileFailure;
import io.urrl.augment.data.DataException;
import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

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
    return new FrostTextures(IntStream.range(0, DRAWN).mapToObj(IceTexture::draw).toList());
  }

  /**
   * All JPEG and PNG files of a directory, such as the published textures. The published generator
   * draws among the first five of its six.
   *
   * @throws DataException when there is none, or one cannot be read
   */
  public static FrostTextures read(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new DataException(
          directory + " is not a directory; give one that holds frost pictures with --frost");
    }
    List<Picture> pictures = new ArrayList<>();
    PictureDecoder decoder = new PictureDecoder();
    for (Path file : files(directory)) {
      try {
        byte[] bytes = Files.readAllBytes(file);
        Picture texture = new Picture();
        decoder.decode(bytes, bytes.length, texture);
        pictures.add(texture);
      } catch (IOException | BrokenPictureException e) {
        throw new DataException(
            "frost texture %s cannot be read: %s; mend or remove it"
                .formatted(file, e.getMessage()),
            e);
      }
    }
    if (pictures.isEmpty()) {
      throw new DataException(
          directory + " holds no .png, .jpg or .jpeg file; give frost pictures with --frost");
    }
    return new FrostTextures(pictures);
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(FrostTextures::isPicture).sorted().toList();
    } catch (IOException e) {
      throw new DataException(
          directory + " cannot be listed: " + FileFailure.reason(directory, e), e);
    }
  }

  private static boolean isPicture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
  }

  /** A checksum of all pixels. */
  public String checksum() {
    CRC32C sum = new CRC32C();
    for (Picture picture : pictures) {
      sum.update(picture.width());
      sum.update(picture.data(), 0, picture.length());
    }
    return Long.toHexString(sum.getValue());
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
