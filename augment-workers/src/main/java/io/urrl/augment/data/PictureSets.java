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
   *     settings, or a directory
   * @throws DataException when it cannot be used
   */
  public static PictureSet open(String source, Split split) {
    return ShapesSettings.names(source)
        ? Shapes.of(ShapesSettings.of(source), split)
        : ClassFolders.open(Path.of(source), split);
  }

  private PictureSets() {}
}
