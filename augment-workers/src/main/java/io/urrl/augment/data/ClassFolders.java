package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * One folder a class, as ImageNet and most others are laid out: {@code train/CLASS/*.jpg} beside
 * {@code test/} or {@code val/}, or the class folders themselves for a set of training pictures
 * alone. Classes and files are in the order of their names; the classes of the test pictures are
 * numbered as those of the training pictures, also where some have no test picture.
 */
public final class ClassFolders implements EncodedPictures {
  private static final List<String> TEST_NAMES = List.of("test", "val", "valid", "validation");

  private final Path directory;
  private final Path part;
  private final List<String> classes;
  private final int[] labels;
  private final String[] files;
  private final long fingerprint;
  private final ThreadLocal<Reader> readers = ThreadLocal.withInitial(Reader::new);

  private ClassFolders(
      Path directory,
      Path part,
      List<String> classes,
      int[] labels,
      String[] files,
      long fingerprint) {
    this.directory = directory;
    this.part = part;
    this.classes = classes;
    this.labels = labels;
    this.files = files;
    this.fingerprint = fingerprint;
  }

  /**
   * Lists a part of a data set.
   *
   * @throws DataException when there is nothing to use
   */
  public static ClassFolders open(Path directory, Split split) {
    if (!Files.exists(directory)) {
      throw new DataException(
          "data directory " + directory + " does not exist; give an existing one");
    }
    if (!Files.isDirectory(directory)) {
      throw new DataException(
          directory
              + " is neither a directory, a pack (.urrl) nor a shard (.tar);"
              + " give the directory that holds train/ and test/");
    }
    Path train = directory.resolve("train");
    Path test = testFolder(directory);
    return split == Split.TRAIN ? training(directory, train, test) : test(directory, train, test);
  }

  /** Whether a directory holds test pictures. */
  static boolean hasTest(Path directory) {
    return testFolder(directory) != null;
  }

  private static Path testFolder(Path directory) {
    return TEST_NAMES.stream()
        .map(directory::resolve)
        .filter(Files::isDirectory)
        .findFirst()
        .orElse(null);
  }

  private static ClassFolders training(Path directory, Path train, Path test) {
    boolean parts = Files.isDirectory(train);
    if (!parts && test != null) {
      throw new DataException(
          "%s holds %s/ but no train/; put the training pictures there, one folder a class"
              .formatted(directory, test.getFileName()));
    }
    Path part = parts ? train : directory;
    List<String> folders = FolderListing.classFolders(part);
    return list(directory, part, folders, folders);
  }

  private static ClassFolders test(Path directory, Path train, Path test) {
    if (test == null) {
      throw new DataException(
          directory
              + " has neither test/ nor val/; put the test pictures there, one folder a class");
    }
    List<String> folders = FolderListing.classFolders(test);
    return list(
        directory,
        test,
        folders,
        Files.isDirectory(train) ? FolderListing.classFolders(train) : folders);
  }

  private static ClassFolders list(
      Path directory, Path part, List<String> folders, List<String> classes) {
    List<String> files = new ArrayList<>();
    int[] labels = new int[0];
    Fingerprint fingerprint = new Fingerprint();
    for (String folder : folders) {
      int label = Collections.binarySearch(classes, folder);
      if (label < 0) {
        throw new DataException(
            "class folder %s has no counterpart in train/; give both the same names"
                .formatted(part.resolve(folder)));
      }
      fingerprint.add(folder).add(label);
      int first = files.size();
      for (FolderListing.File file : FolderListing.pictures(part.resolve(folder))) {
        files.add(file.name());
        fingerprint.add(file.name()).add(file.size());
      }
      if (labels.length < files.size()) {
        labels = Arrays.copyOf(labels, 2 * files.size());
      }
      Arrays.fill(labels, first, files.size(), label);
    }
    return new ClassFolders(
        directory,
        part,
        classes,
        Arrays.copyOf(labels, files.size()),
        files.toArray(String[]::new),
        fingerprint.value());
  }

  @Override
  public int size() {
    return files.length;
  }

  @Override
  public int classes() {
    return classes.size();
  }

  @Override
  public int label(int sample) {
    return labels[sample];
  }

  @Override
  public String className(int label) {
    return classes.get(label);
  }

  @Override
  public String name(int sample) {
    return file(sample).toString();
  }

  @Override
  public String path(int sample) {
    String name = classes.get(labels[sample]) + "/" + files[sample];
    return part.equals(directory) ? name : part.getFileName() + "/" + name;
  }

  private Path file(int sample) {
    return part.resolve(classes.get(labels[sample])).resolve(files[sample]);
  }

  @Override
  public void read(int sample, Picture into) throws BrokenPictureException {
    Reader reader = readers.get();
    reader.decode(reader.file().read(file(sample)), into);
  }

  @Override
  public byte[] encoded(int sample) throws BrokenPictureException {
    FileBytes room = readers.get().file();
    int length = room.read(file(sample));
    return Arrays.copyOf(room.bytes(), length);
  }

  @Override
  public long fingerprint() {
    return fingerprint;
  }
}
