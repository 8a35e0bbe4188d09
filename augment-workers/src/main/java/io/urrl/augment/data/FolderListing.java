package io.urrl.augment.data;

import io.urrl.actors.files.FileFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The pictures below a folder, at any depth; links are followed. Each entry's attributes are asked
 * for once, so that a million files take seconds. Hidden entries do not count, and neither do files
 * of other kinds; both are counted.
 */
final class FolderListing {
  static final String KINDS = ".jpg, .jpeg, .png, .webp or .bmp";

  private static final List<String> SUFFIXES = List.of(".jpg", ".jpeg", ".png", ".webp", ".bmp");
  private static final Set<FileVisitOption> FOLLOW = EnumSet.of(FileVisitOption.FOLLOW_LINKS);

  /**
   * A picture.
   *
   * @param folder its folder below the one that was listed, with {@code /} between the parts; empty
   *     for that one itself
   * @param name of the file
   * @param size its bytes
   */
  record File(String folder, String name, long size) {
    /** Its path below the folder that was listed. */
    String path() {
      return folder.isEmpty() ? name : folder + "/" + name;
    }

    /** The first folder of its path; empty when it lies in none. */
    String top() {
      int slash = folder.indexOf('/');
      return slash < 0 ? folder : folder.substring(0, slash);
    }
  }

  /** What does not count: how much of it, and the first of it. */
  static final class Rest {
    private int count;
    private String first = "";

    private void add(String path) {
      first = count == 0 || path.compareTo(first) < 0 ? path : first;
      count++;
    }

    int count() {
      return count;
    }

    /** Path of the first by name, below the folder that was listed. */
    String first() {
      return first;
    }
  }

  private final List<File> pictures = new ArrayList<>();
  private final SortedMap<String, Boolean> folders = new TreeMap<>();
  private final Rest others = new Rest();
  private final Rest hidden = new Rest();

  private FolderListing() {}

  /** Names of the folders in a folder, in their order. */
  static List<String> folders(Path part) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(part, Files::isDirectory)) {
      for (Path entry : entries) {
        String name = FileNames.name(entry);
        if (!name.startsWith(".")) {
          names.add(name);
        }
      }
    } catch (IOException e) {
      throw failure(part, e);
    }
    names.sort(Comparator.naturalOrder());
    return names;
  }

  /**
   * Lists all below a folder.
   *
   * @throws DataException when a folder cannot be listed
   */
  static FolderListing of(Path part) {
    FolderListing listing = new FolderListing();
    try {
      Files.walkFileTree(part, FOLLOW, Integer.MAX_VALUE, listing.new Visitor(part));
    } catch (IOException e) {
      throw failure(part, e);
    }
    // Folder by folder in the order of their paths, as torchvision's ImageFolder has them within a
    // class; the classes before that in the order of their names.
    listing.pictures.sort(
        Comparator.comparing(File::top).thenComparing(File::folder).thenComparing(File::name));
    return listing;
  }

  private static DataException failure(Path part, IOException failure) {
    return switch (failure) {
      case FileSystemLoopException e ->
          new DataException(e.getFile() + " links to a folder that it lies in; remove the link", e);
      case AccessDeniedException e ->
          new DataException(e.getFile() + " may not be read; change its permissions", e);
      default ->
          new DataException(
              FileNames.text(part) + " cannot be listed: " + FileFailure.reason(part, failure),
              failure);
    };
  }

  /** The pictures, class by class, folder by folder, by name. */
  List<File> pictures() {
    return pictures;
  }

  /** The folders in the one that was listed, by name, and whether there is any file below each. */
  SortedMap<String, Boolean> folders() {
    return folders;
  }

  /** Files that are no pictures by their names. */
  Rest others() {
    return others;
  }

  /** Hidden folders and pictures. */
  Rest hidden() {
    return hidden;
  }

  static boolean isPicture(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SUFFIXES.stream().anyMatch(lower::endsWith);
  }

  /** Collects what a walk meets. */
  private final class Visitor extends SimpleFileVisitor<Path> {
    private final Path part;
    private String folder = "";

    Visitor(Path part) {
      this.part = part;
    }

    private String below(String name) {
      return folder.isEmpty() ? name : folder + "/" + name;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path entry, BasicFileAttributes attributes) {
      if (entry.equals(part)) {
        return FileVisitResult.CONTINUE;
      }
      String name = FileNames.name(entry);
      if (name.startsWith(".")) {
        hidden.add(below(name));
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (folder.isEmpty()) {
        folders.put(name, false);
      }
      folder = below(name);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path entry, IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      folder = folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path entry, BasicFileAttributes attributes) {
      String name = FileNames.name(entry);
      // A link that leads nowhere counts: it is a broken picture when it is read.
      boolean picture = isPicture(name) && !attributes.isOther();
      if (name.startsWith(".")) {
        if (picture) {
          hidden.add(below(name));
        }
        return FileVisitResult.CONTINUE;
      }
      if (picture) {
        pictures.add(new File(folder, name, attributes.size()));
      } else {
        others.add(below(name));
      }
      if (!folder.isEmpty()) {
        int slash = folder.indexOf('/');
        folders.put(slash < 0 ? folder : folder.substring(0, slash), true);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
