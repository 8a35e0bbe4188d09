package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Pictures in folders. With one folder a class, as ImageNet and most others are laid out: {@code
 * train/CLASS/*.jpg} beside {@code test/} or {@code val/}, or the class folders themselves for a
 * set of training pictures alone; pictures in folders below a class count for it, as in
 * torchvision's ImageFolder. Classes and files are in the order of their names; the classes of the
 * test pictures are numbered as those of the training pictures, also where some have no test
 * picture. Pictures that are not laid out like that are a set without classes.
 */
public final class ClassFolders implements EncodedPictures {
  private final Path directory;
  private final Path part;
  private final String partText;
  private final FolderPart content;
  private final ThreadLocal<Reader> readers = ThreadLocal.withInitial(Reader::new);

  private ClassFolders(Path directory, Path part, FolderPart content) {
    this.directory = directory;
    this.part = part;
    this.content = content;
    partText = FileNames.text(part);
  }

  /**
   * Lists a part of a data set.
   *
   * @throws DataException when there is nothing to use
   */
  public static ClassFolders open(Path directory, Split split) {
    String text = FileNames.text(directory);
    if (!Files.exists(directory)) {
      throw new DataException("data directory " + text + " does not exist; give an existing one");
    }
    if (!Files.isDirectory(directory)) {
      throw new DataException(
          text
              + " is neither a directory, a pack (.urrl) nor a shard (.tar);"
              + " give the directory that holds train/ and test/");
    }
    return split == Split.TRAIN ? training(directory, text) : test(directory, text);
  }

  /** Whether a directory holds test pictures. */
  static boolean hasTest(Path directory) {
    return !SplitFolders.tests(directory).isEmpty();
  }

  private static ClassFolders training(Path directory, String text) {
    List<Path> tests = SplitFolders.tests(directory);
    Optional<Path> train = SplitFolders.train(directory);
    if (train.isEmpty() && !tests.isEmpty()) {
      throw new DataException(
          "%s holds %s/ but no train/; put the training pictures there, one folder a class"
              .formatted(text, FileNames.name(tests.getFirst())));
    }
    boolean testClasses =
        tests.stream().anyMatch(folder -> !FolderListing.folders(folder).isEmpty());
    Path part = train.orElse(directory);
    return new ClassFolders(
        directory,
        part,
        FolderPart.training(
            part,
            train.isPresent(),
            testClasses,
            train.isPresent() ? SplitFolders.others(directory) : List.of()));
  }

  private static ClassFolders test(Path directory, String text) {
    List<Path> tests = SplitFolders.tests(directory);
    if (tests.isEmpty()) {
      throw new DataException(
          text + " has neither test/ nor val/; put the test pictures there, one folder a class");
    }
    List<String> classes =
        SplitFolders.train(directory).map(FolderListing::folders).orElse(List.of());
    Path part = chosen(tests, classes);
    return new ClassFolders(directory, part, FolderPart.test(part, classes));
  }

  /**
   * Of several folders of test pictures one whose classes are known: many data sets have another
   * one without classes beside it.
   */
  private static Path chosen(List<Path> tests, List<String> classes) {
    for (Path part : tests) {
      List<String> folders = FolderListing.folders(part);
      boolean known = classes.isEmpty() || classes.containsAll(folders);
      if (AnnotatedFolder.is(part) || (!folders.isEmpty() && known)) {
        return part;
      }
    }
    return tests.stream()
        .filter(part -> !FolderListing.folders(part).isEmpty())
        .findFirst()
        .orElse(tests.getFirst());
  }

  @Override
  public int size() {
    return content.pictures().size();
  }

  @Override
  public int classes() {
    return content.classes().size();
  }

  @Override
  public int label(int sample) {
    return content.pictures().label(sample);
  }

  @Override
  public String className(int label) {
    return content.classes().get(label);
  }

  @Override
  public String name(int sample) {
    return partText + "/" + content.pictures().path(sample);
  }

  @Override
  public String path(int sample) {
    String name = content.pictures().path(sample);
    return part.equals(directory) ? name : FileNames.name(part) + "/" + name;
  }

  private Path file(int sample) {
    return FileNames.resolve(part, content.pictures().path(sample));
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
  public List<String> notices() {
    return content.notices();
  }

  @Override
  public long fingerprint() {
    return content.pictures().fingerprint();
  }
}
