package io.urrl.launch.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of files that grow, are emptied or replaced. */
final class LineTailTest {
  @TempDir private Path place;

  private static List<String> read(LineTail tail) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Optional<String> line = tail.next(); line.isPresent(); line = tail.next()) {
      lines.add(line.get());
    }
    return lines;
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void linesComeWhenTheyAreWhole() throws IOException {
    Path file = place.resolve("log");
    try (LineTail tail = new LineTail(file)) {
      assertEquals(List.of(), read(tail));
      append(file, "one\ntw");
      assertEquals(List.of("one"), read(tail));
      append(file, "o\n");
      assertEquals(List.of("two"), read(tail));
    }
  }

  @Test
  void whatIsThereAlreadyCanBePassedOver() throws IOException {
    Path file = place.resolve("log");
    append(file, "old\n");
    try (LineTail tail = LineTail.fromEnd(file);
        LineTail early = LineTail.fromEnd(place.resolve("later"))) {
      append(file, "new\n");
      assertEquals(List.of("new"), read(tail));
      append(place.resolve("later"), "first\n");
      assertEquals(List.of("first"), read(early));
    }
  }

  @Test
  void aFileThatWasEmptiedIsReadFromItsBeginning() throws IOException {
    Path file = place.resolve("log");
    append(file, "a long first line\n");
    try (LineTail tail = new LineTail(file)) {
      assertEquals(List.of("a long first line"), read(tail));
      Files.writeString(file, "next\n");
      assertEquals(List.of("next"), read(tail));
    }
  }

  @Test
  void theRestOfAFileComesBeforeItsSuccessor() throws IOException {
    Path file = place.resolve("log");
    append(file, "one\n");
    try (LineTail tail = new LineTail(file)) {
      assertEquals(List.of("one"), read(tail));
      append(file, "two\n");
      Files.move(file, place.resolve("log.1"));
      assertEquals(List.of("two"), read(tail));
      append(file, "three\n");
      assertEquals(List.of("three"), read(tail));
    }
  }
}
