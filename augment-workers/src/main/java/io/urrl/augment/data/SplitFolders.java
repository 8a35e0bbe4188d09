package io.urrl.augment.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The names that parts of data sets have, as folders and as words in the names of shards. */
final class SplitFolders {
  /** Names of training parts; the first one that is there counts. */
  static final List<String> TRAIN_NAMES = List.of("train", "training");

  /** Names of test parts; the first one that can be used counts. */
  static final List<String> TEST_NAMES = List.of("test", "testing", "val", "valid", "validation");

  /** The folder of the training pictures. */
  static Optional<Path> train(Path directory) {
    return folders(directory, TRAIN_NAMES).findFirst();
  }

  /** The folders that may hold the test pictures. */
  static List<Path> tests(Path directory) {
    return folders(directory, TEST_NAMES).toList();
  }

  private static Stream<Path> folders(Path directory, List<String> names) {
    return names.stream().map(directory::resolve).filter(Files::isDirectory);
  }

  /** Folders of a divided data set that are none of its parts, by name. */
  static List<String> others(Path directory) {
    return FolderListing.folders(directory).stream()
        .filter(name -> !TRAIN_NAMES.contains(name) && !TEST_NAMES.contains(name))
        .toList();
  }

  private SplitFolders() {}
}
