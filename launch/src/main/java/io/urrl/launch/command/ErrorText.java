package io.urrl.launch.command;

import io.urrl.actors.files.FileFailure;
import io.urrl.actors.tensor.TensorFileException;
import io.urrl.augment.data.DataException;
import io.urrl.augment.data.FileNames;
import io.urrl.launch.UserException;
import io.urrl.parameters.checkpoint.CheckpointException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** What a failure looks like at the command line: one line that names the place and the remedy. */
final class ErrorText {
  private ErrorText() {}

  /** One line for a failure, whatever its kind. */
  static String of(Throwable failure) {
    Throwable inner = unwrapped(failure);
    if (inner instanceof FileSystemException e && e.getFile() != null) {
      return oneLine(e.getFile() + ": " + FileFailure.reason(e));
    }
    String message = inner.getMessage();
    boolean forPeople =
        switch (inner) {
          case UserException _, DataException _, CheckpointException _, TensorFileException _ ->
              message != null;
          default -> false;
        };
    return oneLine(forPeople ? message : inner + " (run with --verbose for the details)");
  }

  /** Text without line breaks. */
  static String oneLine(String text) {
    return FileNames.shown(text)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private static Throwable unwrapped(Throwable failure) {
    return switch (failure) {
      case CompletionException e when e.getCause() != null -> unwrapped(e.getCause());
      case ExecutionException e when e.getCause() != null -> unwrapped(e.getCause());
      case UncheckedIOException e -> e.getCause();
      default -> failure;
    };
  }
}
