package io.urrl.augment.data;

import io.urrl.augment.data.FolderListing.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The pictures below a folder of training or of test pictures, and what their classes are.
 *
 * @param classes names of the classes; none: the pictures have no classes
 * @param pictures the pictures with their labels
 * @param notices what lies with the pictures and is none of them, for people
 */
record FolderPart(List<String> classes, LabelledFiles pictures, List<String> notices) {

  /**
   * Training pictures.
   *
   * @param divided whether the folder is one for training pictures
   * @param testClasses whether there are test pictures with classes, so that folders mean classes
   * @param beside folders beside this one that are not used
   */
  static FolderPart training(Path part, boolean divided, boolean testClasses, List<String> beside) {
    FolderListing listing = FolderListing.of(part);
    String text = FileNames.text(part);
    List<String> notices = new ArrayList<>();
    if (!beside.isEmpty()) {
      notices.add(
          "not used: the folder%s %s beside %s/"
              .formatted(beside.size() == 1 ? "" : "s", String.join(", ", beside), text));
    }
    Optional<String> obstacle = listing.folders().isEmpty() ? Optional.of("") : Optional.empty();
    if (obstacle.isEmpty() && !testClasses) {
      obstacle = obstacle(listing, text, divided);
    }
    if (obstacle.isPresent() || listing.pictures().isEmpty()) {
      obstacle.filter(reason -> !reason.isEmpty()).ifPresent(notices::add);
      return withoutClasses(listing, text, notices);
    }
    List<String> classes = List.copyOf(listing.folders().keySet());
    return withClasses(listing, text, classes, classes, notices);
  }

  /** Why the folders are no classes, where a set of training pictures alone does not need them. */
  private static Optional<String> obstacle(FolderListing listing, String text, boolean divided) {
    TreeSet<String> empty = new TreeSet<>(listing.folders().keySet());
    listing.pictures().forEach(file -> empty.remove(file.top()));
    File first = listing.pictures().isEmpty() ? null : listing.pictures().getFirst();
    if (first != null && first.folder().isEmpty()) {
      return Optional.of(
          "%s holds pictures outside of its folders (the first is %s): the folders are no classes, and all of its pictures train"
              .formatted(text, first.path()));
    }
    // An empty folder within train/ is a class whose pictures are missing.
    return empty.stream()
        .filter(folder -> !divided || listing.folders().get(folder))
        .findFirst()
        .map(
            folder ->
                "%s/%s holds no pictures: the folders are no classes, and all pictures in %s train"
                    .formatted(text, folder, text));
  }

  /**
   * Test pictures.
   *
   * @param trained classes of the training pictures; none: where there are none
   */
  static FolderPart test(Path part, List<String> trained) {
    FolderListing listing = FolderListing.of(part);
    String text = FileNames.text(part);
    if (AnnotatedFolder.is(part)) {
      return annotated(AnnotatedFolder.entries(part, listing), text, trained);
    }
    List<String> folders = List.copyOf(listing.folders().keySet());
    return folders.isEmpty()
        ? withoutClasses(listing, text, new ArrayList<>())
        : withClasses(
            listing, text, folders, trained.isEmpty() ? folders : trained, new ArrayList<>());
  }

  private static FolderPart annotated(
      List<AnnotatedFolder.Entry> entries, String text, List<String> trained) {
    List<String> classes =
        trained.isEmpty()
            ? List.copyOf(
                new TreeSet<>(entries.stream().map(AnnotatedFolder.Entry::className).toList()))
            : trained;
    LabelledFiles files = new LabelledFiles();
    String before = null;
    for (AnnotatedFolder.Entry entry : entries) {
      int label = label(entry.className(), classes, text + "/val_annotations.txt: class ");
      if (!entry.className().equals(before)) {
        files.begin(entry.className(), label);
        before = entry.className();
      }
      files.add(entry.file(), entry.file().name(), label);
    }
    return of(classes, files, List.of());
  }

  private static FolderPart withClasses(
      FolderListing listing,
      String text,
      List<String> folders,
      List<String> classes,
      List<String> notices) {
    LabelledFiles files = new LabelledFiles();
    List<File> pictures = listing.pictures();
    int next = 0;
    while (next < pictures.size() && pictures.get(next).folder().isEmpty()) {
      next++;
    }
    if (next > 0) {
      notices.add(
          "not used: %d pictures in %s outside of its class folders; the first is %s"
              .formatted(next, text, pictures.getFirst().path()));
    }
    for (String folder : folders) {
      int label = label(folder, classes, "class folder " + text + "/");
      files.begin(folder, label);
      int first = next;
      while (next < pictures.size() && pictures.get(next).top().equals(folder)) {
        File file = pictures.get(next++);
        files.add(file, file.path().substring(folder.length() + 1), label);
      }
      if (next == first) {
        throw new DataException(
            "class folder %s/%s holds no %s file; fill or remove it"
                .formatted(text, folder, FolderListing.KINDS));
      }
    }
    addRest(listing, text, notices);
    return of(classes, files, notices);
  }

  private static FolderPart withoutClasses(
      FolderListing listing, String text, List<String> notices) {
    if (listing.pictures().isEmpty()) {
      throw new DataException(
          "%s holds no class folders and no %s file; put the pictures of each class into a folder of its own%s"
              .formatted(text, FolderListing.KINDS, found(listing)));
    }
    LabelledFiles files = new LabelledFiles();
    files.begin("", LabelledFiles.NONE);
    listing.pictures().forEach(file -> files.add(file, file.path(), LabelledFiles.NONE));
    addRest(listing, text, notices);
    return of(List.of(), files, notices);
  }

  private static String found(FolderListing listing) {
    String first = listing.others().first();
    if (Compression.names(first)) {
      return "; " + first + " is compressed, and shards are read as plain tar archives: unpack it";
    }
    return first.isEmpty() ? "" : "; it has other files, such as " + first;
  }

  private static int label(String className, List<String> classes, String where) {
    int label = Collections.binarySearch(classes, className);
    if (label < 0) {
      throw new DataException(
          where + className + " has no counterpart in train/; give both the same names");
    }
    return label;
  }

  private static void addRest(FolderListing listing, String text, List<String> notices) {
    if (listing.others().count() > 0) {
      notices.add(
          "not used: %d files in %s that are no %s file; the first is %s"
              .formatted(
                  listing.others().count(), text, FolderListing.KINDS, listing.others().first()));
    }
    if (listing.hidden().count() > 0) {
      notices.add(
          "not used: %d hidden folders and pictures in %s; the first is %s"
              .formatted(listing.hidden().count(), text, listing.hidden().first()));
    }
  }

  private static FolderPart of(List<String> classes, LabelledFiles files, List<String> notices) {
    return new FolderPart(classes, files, notices.stream().map(FileNames::shown).toList());
  }
}
