package io.urrl.parameters.checkpoint;

import io.urrl.actors.files.FileFailure;
import io.urrl.actors.tensor.TensorFileException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Turns what the file system says into one line that names the path and the remedy. */
final class Failures {
  private Failures() {}

  /** Path and reason; the path of the very file when the failure names one below {@code path}. */
  static String describe(Path path, IOException failure) {
    return switch (failure) {
      case TensorFileException e -> e.getMessage();
      case FileSystemException e when isBelow(path, e.getFile()) -> e.getFile() + ": " + reason(e);
      default -> path + ": " + reason(failure);
    };
  }

  private static boolean isBelow(Path path, String file) {
    return file != null && Path.of(file).startsWith(path);
  }

  /** The line for a checkpoint that could not be written. */
  static String writing(Path path, long bytesNeeded, IOException failure) {
    if (isFull(failure)) {
      return String.format(
          Locale.ROOT,
          "%s: no space left on the device for a checkpoint of %.1f MB; free some space or choose"
              + " a run directory on a larger one (older checkpoints are intact)",
          path,
          bytesNeeded / 1e6);
    }
    return "cannot write checkpoint "
        + describe(path, failure)
        + "; check the device and the directory's permissions (older checkpoints are intact)";
  }

  private static boolean isFull(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("No space left") || message.contains("quota exceeded");
  }

  private static String reason(IOException failure) {
    return failure instanceof NoSuchFileException ? "is missing" : FileFailure.reason(failure);
  }
}
