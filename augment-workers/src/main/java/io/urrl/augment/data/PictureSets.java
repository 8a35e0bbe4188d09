package io.urrl.augment.data;

import java.nio.file.Path;

/** Opens data sets by the names that the command line uses. */
public final class PictureSets {
  /** The set that is drawn in code. */
  public static final String SHAPES = "shapes";

  /**
   * Opens a part of a data set.
   *
   * @param source {@code shapes}, {@code shapes:seed=3,train=6000,test=1200} with any of these
   *     settings, a directory of pictures, mostly in class folders, a pack ({@code FILE.urrl}), or
   *     tar shards (a directory of them, one, or a pattern); paths as {@link FileNames} has them
   * @throws DataException when it cannot be used
   */
  public static PictureSet open(String source, Split split) {
    return ShapesSettings.names(source)
        ? Shapes.of(ShapesSettings.of(source), split)
        : openEncoded(source, split);
  }

  /**
   * Opens a part of a data set that is made of files.
   *
   * @throws DataException when it cannot be used or is not made of files
   */
  public static EncodedPictures openEncoded(String source, Split split) {
    if (ShapesSettings.names(source)) {
      throw new DataException(source + " are drawn in code; give a data set of files");
    }
    if (source.endsWith(PackFile.SUFFIX)) {
      return PackedPictures.open(FileNames.path(source), split);
    }
    if (Compression.names(source)) {
      throw new DataException(
          source + " is compressed, and shards are read as plain tar archives; unpack it to .tar");
    }
    return ShardPattern.names(source)
        ? TarShards.open(source, split)
        : ClassFolders.open(FileNames.path(source), split);
  }

  /**
   * The name that a data set has from every directory: whole paths, also in patterns. What is drawn
   * in code and what is there by another name stay as they are.
   */
  public static String absolute(String source) {
    if (ShapesSettings.names(source)
        || source.startsWith(RecordedViews.PREFIX)
        || source.startsWith("/")) {
      return source;
    }
    String plain = source.startsWith("./") ? source.substring(2) : source;
    return Path.of("").toAbsolutePath().resolve(plain).toString();
  }

  /** Whether a data set has test pictures. */
  public static boolean hasTest(String source) {
    if (ShapesSettings.names(source)) {
      return true;
    }
    if (source.endsWith(PackFile.SUFFIX)) {
      return PackFile.open(FileNames.path(source)).header().size(Split.TEST) > 0;
    }
    return ShardPattern.names(source)
        ? !ShardPattern.shards(source, Split.TEST).isEmpty()
        : ClassFolders.hasTest(FileNames.path(source));
  }

  private PictureSets() {}
}
