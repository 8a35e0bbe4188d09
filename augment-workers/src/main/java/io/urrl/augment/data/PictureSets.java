package io.urrl.augment.data;

import java.nio.file.Path;

/** Opens data sets by the names that the command line uses. */
public final class PictureSets {
  /** The set that is drawn in code. */
  public static final String SHAPES = "shapes";

  /**
   * Opens a part of a data set.
   *
   * @param source {@code shapes} or a directory
   * @throws DataException when it cannot be used
   */
  public static PictureSet open(String source, Split split) {
    return source.equals(SHAPES)
        ? Shapes.standard(split)
        : ClassFolders.open(Path.of(source), split);
  }

  private PictureSets() {}
}
