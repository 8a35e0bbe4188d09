package io.urrl.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sources of all modules, tests included. */
final class SourcesTest {
  private static final Path ROOT = Path.of("..");
  private static final int LONGEST = 400;

  /** A file that grows past that has two subjects. */
  @Test
  void noFileIsLongerThanOneSubjectTakes() throws IOException {
    int files = 0;
    List<String> longer = new ArrayList<>();
    for (Path file : sources()) {
      int lines = Files.readAllLines(file).size();
      if (lines > LONGEST) {
        longer.add(ROOT.relativize(file) + ": " + lines);
      }
      files++;
    }
    assertTrue(files > 0, "no sources below " + ROOT.toAbsolutePath());
    assertEquals(List.of(), longer);
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.sorted().toList()) {
        Path root = module.resolve("src");
        if (Files.isDirectory(root)) {
          try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(sources::add);
          }
        }
      }
    }
    return sources;
  }
}
