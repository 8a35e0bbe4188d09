package io.urrl.augment.corrupted;

import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.data.DataException;
import io.urrl.augment.data.FileNames;
import io.urrl.augment.data.PictureSet;
import io.urrl.augment.image.JpegEncoder;
import io.urrl.augment.image.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;

/**
 * ImageNet-C's layout: {@code CORRUPTION/SEVERITY/CLASS/NAME.JPEG}, JPEG of quality 85; without
 * {@code CLASS} where the pictures have no classes. A file is written beside its place and renamed,
 * so that it is there completely or not at all.
 */
public final class FolderWriter implements CorruptedWriter {
  private static final int QUALITY = 85;

  private final Path directory;
  private final PictureSet pictures;
  private final String[] names;

  private FolderWriter(Path directory, PictureSet pictures, String[] names) {
    this.directory = directory;
    this.pictures = pictures;
    this.names = names;
  }

  /**
   * Makes the folders.
   *
   * @throws DataException when two pictures would go into one file
   */
  public static FolderWriter open(Path directory, CorruptionJob job) throws IOException {
    PictureSet pictures = job.pictures();
    String[] names = new String[job.count()];
    Map<String, Integer> known = new HashMap<>();
    for (int number = 0; number < names.length; number++) {
      names[number] = fileName(pictures.name(number));
      String place = classFolder(pictures, pictures.label(number)) + names[number];
      Integer other = known.putIfAbsent(place, number);
      if (other != null) {
        throw new DataException(
            "%s and %s would both become %s; rename one"
                .formatted(pictures.name(other), pictures.name(number), place));
      }
    }
    FolderWriter writer = new FolderWriter(directory, pictures, names);
    for (CorruptionKind kind : job.kinds()) {
      for (int severity : job.severities()) {
        Files.createDirectories(writer.folder(kind, severity, -1));
        for (int label = 0; label < pictures.classes(); label++) {
          Files.createDirectories(writer.folder(kind, severity, label));
        }
      }
    }
    return writer;
  }

  /** The last part of a name, ending in JPEG. */
  private static String fileName(String name) {
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    int dot = last.lastIndexOf('.');
    return (dot > 0 ? last.substring(0, dot) : last) + ".JPEG";
  }

  /** A class's folder with a slash behind it, or nothing for pictures without classes. */
  private static String classFolder(PictureSet pictures, int label) {
    return label < 0 ? "" : pictures.className(label) + "/";
  }

  private Path folder(CorruptionKind kind, int severity, int label) {
    return directory
        .resolve(kind.publishedName())
        .resolve(Integer.toString(severity))
        .resolve(FileNames.path(classFolder(pictures, label)));
  }

  @Override
  public boolean has(int number, CorruptionKind kind, int severity) {
    return Files.exists(
        folder(kind, severity, pictures.label(number)).resolve(FileNames.path(names[number])));
  }

  @Override
  public void write(
      int number, CorruptionKind kind, int severity, Picture picture, JpegEncoder encoder)
      throws IOException {
    Path folder = folder(kind, severity, pictures.label(number));
    Path beside = folder.resolve(FileNames.path("." + names[number] + ".part"));
    Files.write(beside, encoder.encode(picture, QUALITY));
    Files.move(
        beside,
        folder.resolve(FileNames.path(names[number])),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public boolean mayLeaveOut() {
    return true;
  }

  @Override
  public void completed(int pictures) {
    // Each file speaks for itself.
  }

  @Override
  public void close() {
    // No file is open between writes.
  }
}
