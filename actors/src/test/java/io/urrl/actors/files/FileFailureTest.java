package io.urrl.actors.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Failures as the file system really makes them. */
final class FileFailureTest {
  @TempDir private Path place;

  private static IOException failure(Executable work) {
    return assertThrows(IOException.class, work);
  }

  @Test
  void reasonsAreWords() throws IOException {
    Path none = place.resolve("none");
    Path file = Files.writeString(place.resolve("file"), "x");
    assertEquals("does not exist", FileFailure.reason(failure(() -> Files.readAllBytes(none))));
    assertEquals("Is a directory", FileFailure.reason(failure(() -> Files.readAllBytes(place))));
    assertEquals(
        "Not a directory",
        FileFailure.reason(failure(() -> Files.readAllBytes(file.resolve("below")))));
    assertEquals(
        "exists and is no directory",
        FileFailure.reason(failure(() -> Files.createDirectories(file))));
    assertEquals("exists already", FileFailure.reason(failure(() -> Files.createDirectory(place))));
    assertEquals("is no directory", FileFailure.reason(failure(() -> Files.list(file))));
    assertEquals("is not empty", FileFailure.reason(failure(() -> Files.delete(place))));
    assertEquals(
        "does not exist", FileFailure.reason(failure(() -> new FileInputStream(none.toFile()))));
    assertEquals(
        "Is a directory", FileFailure.reason(failure(() -> new FileInputStream(place.toFile()))));
    assertEquals("EOFException", FileFailure.reason(new EOFException()));
  }

  @Test
  void anotherFileThanTheOneThatATextNamesIsNamed() {
    Path none = place.resolve("none");
    IOException failure = failure(() -> Files.writeString(none.resolve("deep"), ""));
    assertEquals("does not exist", FileFailure.reason(none.resolve("deep"), failure));
    assertEquals(none.resolve("deep") + " does not exist", FileFailure.reason(place, failure));
  }
}
