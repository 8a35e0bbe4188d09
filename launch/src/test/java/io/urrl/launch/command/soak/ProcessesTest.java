package io.urrl.launch.command.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.launch.ThisJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The processes of a soak test, and what they leave. */
@Timeout(120)
final class ProcessesTest {
  @TempDir private Path place;

  @Test
  void theCopyOfAProgramStaysWhenItsClassesChange() throws IOException {
    Path classes = Files.createDirectories(place.resolve("classes/io"));
    Files.writeString(classes.resolve("A.class"), "one");
    Path jar = Files.writeString(place.resolve("some.jar"), "jar");
    String path =
        String.join(
            File.pathSeparator, place.resolve("classes").toString(), jar.toString(), "missing");
    Path copies = place.resolve("copies");
    Program before = Program.copy(copies, path);
    assertEquals(before, Program.copy(copies, path));
    List<String> entries = List.of(before.classPath().split(File.pathSeparator, -1));
    assertEquals(jar.toString(), entries.get(1));
    assertEquals(2, entries.size());

    Files.writeString(classes.resolve("A.class"), "two");
    assertEquals("one", Files.readString(Path.of(entries.getFirst(), "io", "A.class")));
    Program after = Program.copy(copies, path);
    assertNotEquals(before.fingerprint(), after.fingerprint());
    assertFalse(Files.exists(Path.of(entries.getFirst())), "the old copy stays for ever");
  }

  @Test
  void loadEndsWithWhoeverStartedIt() throws Exception {
    Program program = new Program(ThisJvm.classPath(), "");
    Path output = place.resolve("output");
    Process load = program.start(BusyCores.class, List.of("-Xmx32m"), false, List.of("1"), output);
    assertFalse(load.waitFor(300, TimeUnit.MILLISECONDS), () -> "it ended by itself");
    load.getOutputStream().close();
    assertTrue(load.waitFor(60, TimeUnit.SECONDS), "it goes on for ever");
    assertEquals(0, load.exitValue());
  }

  @Test
  void whatAProcessLeftInSharedMemoryIsCountedAndRemoved() throws IOException {
    Path left = Files.createDirectories(place.resolve("urrl-aeron-4711-0a1b"));
    Files.write(left.resolve("cnc.dat"), new byte[1000]);
    Path other = Files.createDirectories(place.resolve("urrl-aeron-47110-0a1b"));
    assertEquals(1000, SharedMemory.clear(place, 4711));
    assertFalse(Files.exists(left));
    assertTrue(Files.exists(other));
    assertEquals(0, SharedMemory.clear(place.resolve("nowhere"), 4711));
  }
}
