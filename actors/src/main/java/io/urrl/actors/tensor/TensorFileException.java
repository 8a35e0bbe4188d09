package io.urrl.actors.tensor;

import java.io.IOException;
import java.nio.file.Path;

/** A file is not the tensor file that it should be. The message begins with the file's path. */
public final class TensorFileException extends IOException {
  /** Names the file and says what is wrong with it. */
  public TensorFileException(Path file, String reason) {
    super(file + ": " + reason);
  }

  /** The same with the failure that led to it. */
  public TensorFileException(Path file, String reason, Throwable cause) {
    super(file + ": " + reason, cause);
  }
}
