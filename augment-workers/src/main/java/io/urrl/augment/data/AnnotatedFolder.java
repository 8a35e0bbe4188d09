package io.urrl.augment.data;

import io.urrl.actors.files.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Test pictures in one folder beside a list of their classes, as Tiny ImageNet has them: {@code
 * val/images/val_0.JPEG} and {@code val/val_annotations.txt}, whose lines begin with a file's name
 * and its class.
 */
final class AnnotatedFolder {
  private static final String IMAGES = "images";

  /** A picture, its path below the part, and its class. */
  record Entry(FolderListing.File file, String className) {}

  private static Path list(Path part) {
    return part.resolve("val_annotations.txt");
  }

  /** Whether a part is laid out like this. */
  static boolean is(Path part) {
    return Files.isRegularFile(list(part)) && Files.isDirectory(part.resolve(IMAGES));
  }

  /**
   * The pictures, class by class, by name.
   *
   * @throws DataException when list and folder contradict each other
   */
  static List<Entry> entries(Path part, FolderListing listing) {
    Map<String, String> classes = classes(part);
    List<Entry> entries = new ArrayList<>();
    for (FolderListing.File file : listing.pictures()) {
      String className = file.folder().equals(IMAGES) ? classes.remove(file.name()) : null;
      if (className == null) {
        throw new DataException(
            "%s/%s is not in %s; complete the list, or remove the picture"
                .formatted(FileNames.text(part), file.path(), FileNames.text(list(part))));
      }
      entries.add(new Entry(file, className));
    }
    if (!classes.isEmpty()) {
      throw new DataException(
          "%s names %s, which is not in %s/%s; unpack the data again"
              .formatted(
                  FileNames.text(list(part)),
                  classes.keySet().iterator().next(),
                  FileNames.text(part),
                  IMAGES));
    }
    entries.sort(Comparator.comparing(Entry::className));
    return entries;
  }

  private static Map<String, String> classes(Path part) {
    Map<String, String> classes = new HashMap<>();
    try {
      byte[] bytes = Files.readAllBytes(list(part));
      int from = 0;
      for (int i = 0; i <= bytes.length; i++) {
        if (i == bytes.length || bytes[i] == '\n') {
          String line = FileNames.text(Arrays.copyOfRange(bytes, from, i)).strip();
          String[] words = line.split("\\s+", 3);
          if (words.length > 1) {
            classes.put(words[0], words[1]);
          } else if (!line.isEmpty()) {
            throw new DataException(
                "%s: '%s' is no file's name and its class"
                    .formatted(FileNames.text(list(part)), line));
          }
          from = i + 1;
        }
      }
    } catch (IOException e) {
      throw new DataException(
          FileNames.text(list(part)) + " cannot be read: " + FileFailure.reason(list(part), e), e);
    }
    return classes;
  }

  private AnnotatedFolder() {}
}
