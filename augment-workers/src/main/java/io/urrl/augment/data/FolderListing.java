package io.urrl.augment.data;

import io.urrl.actors.files.FileFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
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
import java.util.function.BiConsumer;

/**
 * Lists class folders and the pictures in them, by name. Each entry's attributes are asked for
 * once, so that a million files take seconds; hidden entries do not count.
 */
final class FolderListing {
  private static final List<String> SUFFIXES = List.of(".jpg", ".jpeg", ".png", ".webp", ".bmp");
  private static final Set<FileVisitOption> FOLLOW = EnumSet.of(FileVisitOption.FOLLOW_LINKS);

  /** A picture's file name and its length in bytes. */
  record File(String name, long size) {}

  private FolderListing() {}

  /**
   * Names of the folders in {@code part}, at least one.
   *
   * @throws DataException when there is none
   */
  static List<String> classFolders(Path part) {
    List<String> names = new ArrayList<>();
    visit(
        part,
        (name, attributes) -> {
          if (attributes.isDirectory()) {
            names.add(name);
          }
        });
    if (names.isEmpty()) {
      throw new DataException(
          part
              + " holds no class folders; put the pictures of each class into a folder of its own");
    }
    names.sort(Comparator.naturalOrder());
    return List.copyOf(names);
  }

  /**
   * The pictures of a class, at least one. A link that leads nowhere counts: it is a broken picture
   * when it is read.
   *
   * @throws DataException when there is none
   */
  static List<File> pictures(Path folder) {
    List<File> files = new ArrayList<>();
    visit(
        folder,
        (name, attributes) -> {
          if (isPicture(name) && !attributes.isDirectory() && !attributes.isOther()) {
            files.add(new File(name, attributes.size()));
          }
        });
    if (files.isEmpty()) {
      throw new DataException(
          "class folder "
              + folder
              + " holds no .jpg, .jpeg, .png, .webp or .bmp file; fill or remove it");
    }
    files.sort(Comparator.comparing(File::name));
    return files;
  }

  private static boolean isPicture(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SUFFIXES.stream().anyMatch(lower::endsWith);
  }

  private static void visit(Path folder, BiConsumer<String, BasicFileAttributes> entries) {
    try {
      Files.walkFileTree(
          folder,
          FOLLOW,
          1,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path entry, BasicFileAttributes attributes) {
              String name = entry.getFileName().toString();
              if (!name.startsWith(".")) {
                entries.accept(name, attributes);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (AccessDeniedException e) {
      throw new DataException(e.getFile() + " may not be read; change its permissions", e);
    } catch (IOException e) {
      throw new DataException(folder + " cannot be listed: " + FileFailure.reason(folder, e), e);
    }
  }
}
