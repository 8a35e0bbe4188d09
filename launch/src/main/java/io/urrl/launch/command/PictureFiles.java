package io.urrl.launch.command;

import io.urrl.actors.files.FileFailure;
import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;
import io.urrl.launch.UserException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Pictures that are named at the command line; what goes wrong with one names it. */
final class PictureFiles {

  /**
   * Reads a picture.
   *
   * @throws UserException when it cannot be read or decoded
   */
  static void read(Path file, PictureDecoder decoder, Picture into) {
    if (Files.isDirectory(file)) {
      throw new UserException(file + " is a directory; give a JPEG, PNG, WebP or BMP file");
    }
    try {
      byte[] bytes = Files.readAllBytes(file);
      decoder.decode(bytes, bytes.length, into);
    } catch (BrokenPictureException e) {
      throw new UserException(file + " cannot be decoded: " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new UserException(file + " does not exist; give a JPEG, PNG, WebP or BMP file", e);
    } catch (AccessDeniedException e) {
      throw new UserException(file + " may not be read by this user", e);
    } catch (IOException e) {
      throw new UserException(file + " cannot be read: " + FileFailure.reason(file, e), e);
    }
  }

  /**
   * Requires a place that a file can be written to, before the work is done.
   *
   * @throws UserException when there is no such folder, or it is a folder itself
   */
  static void requireWritable(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new UserException(file + " is a directory; give the name of a file in it");
    }
    if (!Files.isDirectory(folder)) {
      throw new UserException(
          "%s cannot be written: there is no directory %s; make it or name another place"
              .formatted(file, folder));
    }
    if (!Files.isWritable(Files.exists(file) ? file : folder)) {
      throw new UserException(file + " cannot be written: this user may not write there");
    }
  }

  /** A place that was fit for writing, and is not any more. */
  static UserException unwritten(Path file, IOException failure) {
    return new UserException(
        "%s cannot be written: %s".formatted(file, FileFailure.reason(file, failure)), failure);
  }

  private PictureFiles() {}
}
