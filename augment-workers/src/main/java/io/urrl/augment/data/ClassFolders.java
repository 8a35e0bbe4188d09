package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;
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
public final class ClassFolders implements PictureSet {
  private static final List<String> TEST_NAMES = List.of("test", "val", "valid", "validation");

  private final Path part;
  private final List<String> classes;
  private final int[] labels;
  private final String[] files;
  private final long fingerprint;
  private final ThreadLocal<Reader> readers = ThreadLocal.withInitial(Reader::new);

  private ClassFolders(
      Path part, List<String> classes, int[] labels, String[] files, long fingerprint) {
    this.part = part;
    this.classes = classes;
    this.labels = labels;
    this.files = files;
    this.fingerprint = fingerprint;
  }

  /** What a thread needs to read files. */
  private static final class Reader {
    final PictureDecoder decoder = new PictureDecoder();
    final FileBytes file = new FileBytes();
  }

  /**
   * Lists a part of a data set.
   *
   * @throws DataException when there is nothing to use
   */
  public static ClassFolders open(Path directory, Split split) {
    if (!Files.exists(directory)) {
      throw new DataException(
          "data directory " + directory + " does not exist; give an existing one with --data");
    }
    if (!Files.isDirectory(directory)) {
      throw new DataException(
          directory + " is not a directory; give the one that holds train/ and test/ with --data");
    }
    Path train = directory.resolve("train");
    Path test =
        TEST_NAMES.stream()
            .map(directory::resolve)
            .filter(Files::isDirectory)
            .findFirst()
            .orElse(null);
    return split == Split.TRAIN ? training(directory, train, test) : test(directory, train, test);
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
    return list(part, folders, folders);
  }

  private static ClassFolders test(Path directory, Path train, Path test) {
    if (test == null) {
      throw new DataException(
          directory
              + " has neither test/ nor val/; put the test pictures there, one folder a class");
    }
    List<String> folders = FolderListing.classFolders(test);
    return list(
        test, folders, Files.isDirectory(train) ? FolderListing.classFolders(train) : folders);
  }

  private static ClassFolders list(Path part, List<String> folders, List<String> classes) {
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
    return path(sample).toString();
  }

  private Path path(int sample) {
    return part.resolve(classes.get(labels[sample])).resolve(files[sample]);
  }

  @Override
  public void read(int sample, Picture into) throws BrokenPictureException {
    Reader reader = readers.get();
    int length = reader.file.read(path(sample));
    reader.decoder.decode(reader.file.bytes(), length, into);
  }

  @Override
  public long fingerprint() {
    return fingerprint;
  }
}
