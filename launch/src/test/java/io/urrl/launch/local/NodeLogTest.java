package io.urrl.launch.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes printed. */
final class NodeLogTest {
  @TempDir private Path place;

  private NodeLog log(long most) {
    return new NodeLog(place.resolve("logs/gpu-1.log"), most);
  }

  private static void print(NodeLog log, String text) throws IOException {
    Files.writeString(log.file(), text, StandardOpenOption.APPEND);
  }

  @Test
  void theLastLinesAreThoseOfTheLastProcess() throws IOException {
    NodeLog log = log(1000);
    assertEquals(List.of(), log.last(3));
    log.begin("gpu-1 begins");
    print(log, "old failure\n");
    log.begin("gpu-1 begins again");
    assertEquals(List.of(), log.last(3));
    print(log, "WARNING: Using incubator modules: jdk.incubator.vector\n1\n2\n\n3\n4\n");
    assertEquals(List.of("2", "3", "4"), log.last(3));
  }

  @Test
  void aLogThatGrewLargeIsSetAsideWhileItsProcessGoesOnWriting() throws IOException {
    NodeLog log = log(100);
    log.begin("a");
    print(log, "x".repeat(200) + "\n");
    log.turn();
    assertEquals(0, Files.size(log.file()));
    assertTrue(
        Files.readString(log.file().resolveSibling("gpu-1.log.1"))
            .endsWith("x".repeat(200) + "\n"));
    print(log, "more\n");
    assertEquals("more\n", Files.readString(log.file()));
  }
}
