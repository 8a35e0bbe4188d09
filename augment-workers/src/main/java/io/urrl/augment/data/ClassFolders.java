package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One folder a class, as ImageNet and most others are laid out: {@code train/CLASS/*.jpg} beside
 * {@code test/} or {@code val/}, or the class folders themselves for a set without parts. Classes
 * and files are in the order of their names.
 */
public final class ClassFolders implements PictureSet {
  private static final List<String> SUFFIXES = List.of(".jpg", ".jpeg", ".png");

  private final List<Path> files;
  private final int[] labels;
  private final List<String> classes;
  private final long fingerprint;
  private final ThreadLocal<PictureDecoder> decoders = ThreadLocal.withInitial(PictureDecoder::new);

  private ClassFolders(List<Path> files, int[] labels, List<String> classes, long fingerprint) {
    this.files = files;
    this.labels = labels;
    this.classes = classes;
    this.fingerprint = fingerprint;
  }

  /**
   * Lists a part of a data set.
   *
   * @throws DataException when there is nothing to use
   */
  public static ClassFolders open(Path directory, Split split) {
    try {
      return scan(part(directory, split));
    } catch (IOException | UncheckedIOException e) {
      throw new DataException(directory + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Path part(Path directory, Split split) {
    if (!Files.exists(directory)) {
      throw new DataException(
          "data directory " + directory + " does not exist; give an existing one with --data");
    }
    if (!Files.isDirectory(directory)) {
      throw new DataException(
          directory + " is not a directory; give the one that holds train/ and test/ with --data");
    }
    Path train = directory.resolve("train");
    if (split == Split.TRAIN) {
      return Files.isDirectory(train) ? train : directory;
    }
    for (String name : List.of("test", "val", "valid", "validation")) {
      if (Files.isDirectory(directory.resolve(name))) {
        return directory.resolve(name);
      }
    }
    throw new DataException(
        directory + " has neither test/ nor val/; put the test pictures there, one folder a class");
  }

  private static ClassFolders scan(Path part) throws IOException {
    List<Path> folders = sorted(part, Files::isDirectory);
    if (folders.isEmpty()) {
      throw new DataException(
          part
              + " holds no class folders; put the pictures of each class into a folder of its own");
    }
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    List<String> classes = new ArrayList<>();
    long hash = 0xcbf29ce484222325L;
    for (Path folder : folders) {
      List<Path> pictures = sorted(folder, ClassFolders::isPicture);
      if (pictures.isEmpty()) {
        throw new DataException(
            "class folder " + folder + " holds no .jpg, .jpeg or .png file; fill or remove it");
      }
      for (Path picture : pictures) {
        files.add(picture);
        labels.add(classes.size());
        String identity = part.relativize(picture) + ":" + Files.size(picture);
        for (int i = 0; i < identity.length(); i++) {
          hash = (hash ^ identity.charAt(i)) * 0x100000001b3L;
        }
      }
      classes.add(folder.getFileName().toString());
    }
    return new ClassFolders(
        List.copyOf(files),
        labels.stream().mapToInt(Integer::intValue).toArray(),
        List.copyOf(classes),
        hash);
  }

  private static List<Path> sorted(Path folder, java.util.function.Predicate<Path> wanted)
      throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .filter(wanted)
          .sorted(Comparator.comparing(path -> path.getFileName().toString()))
          .toList();
    }
  }

  private static boolean isPicture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return SUFFIXES.stream().anyMatch(name::endsWith);
  }

  @Override
  public int size() {
    return files.size();
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
    return files.get(sample).toString();
  }

  @Override
  public void read(int sample, Picture into) throws BrokenPictureException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(files.get(sample));
    } catch (IOException e) {
      throw new BrokenPictureException("cannot be read: " + e.getMessage(), e);
    }
    decoders.get().decode(bytes, bytes.length, into);
  }

  @Override
  public long fingerprint() {
    return fingerprint;
  }
}
