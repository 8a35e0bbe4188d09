package io.urrl.actors.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * What a failure of the file system says in words. The messages of Java's own exceptions are often
 * the name of the file and nothing else.
 */
public final class FileFailure {

  /** The reason alone, for a text that names the file already. */
  public static String reason(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "does not exist";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException e -> existing(e.getFile());
      case NotDirectoryException _ -> "is no directory";
      case DirectoryNotEmptyException _ -> "is not empty";
      case FileSystemLoopException _ -> "is a loop of links";
      case FileSystemException e when e.getReason() != null -> e.getReason();
      case FileNotFoundException e when e.getMessage() != null -> withoutName(e.getMessage());
      default ->
          failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    };
  }

  /**
   * The reason, and before it the file that the failure names where that is not {@code file}
   * itself: for a text that begins with {@code file}.
   */
  public static String reason(Path file, IOException failure) {
    if (failure instanceof FileSystemException e
        && e.getFile() != null
        && !Path.of(e.getFile()).equals(file)) {
      return e.getFile() + " " + reason(failure);
    }
    return reason(failure);
  }

  /** Of {@code NAME (reason)}, as the older classes for files write it, the reason. */
  private static String withoutName(String text) {
    int open = text.lastIndexOf('(');
    String reason =
        open >= 0 && text.endsWith(")") ? text.substring(open + 1, text.length() - 1) : text;
    return reason.equals("No such file or directory") ? "does not exist" : reason;
  }

  private static String existing(String file) {
    return file != null && Files.isDirectory(Path.of(file))
        ? "exists already"
        : "exists and is no directory";
  }

  private FileFailure() {}
}
