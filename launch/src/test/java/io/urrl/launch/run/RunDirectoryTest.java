package io.urrl.launch.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.launch.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run a directory, one process at a time. */
final class RunDirectoryTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path place;

  @Test
  void aNewRunIsDescribedWholeOrNotAtAll() throws IOException {
    Path path = place.resolve("deep/down/run");
    try (RunDirectory directory = RunDirectory.open(path, false)) {
      directory.describe(JSON.createObjectNode().put("product", "urrl"));
      assertEquals("{\n  \"product\" : \"urrl\"\n}\n", Files.readString(path.resolve("run.json")));
      assertFalse(Files.exists(path.resolve("run.json.part")));
    }
  }

  @Test
  void aRunIsNotOverwritten() throws IOException {
    begin();
    String text = refused(false);
    assertTrue(text.contains("holds a run already") && text.contains("--resume"), text);
    try (RunDirectory again = RunDirectory.open(place, true)) {
      assertEquals(place, again.path());
    }
  }

  @Test
  void nothingCannotBeResumed() {
    String text = refused(true);
    assertTrue(text.contains("no run in " + place), text);
  }

  @Test
  void theSameProcessIsKeptOutToo() throws IOException {
    begin();
    try (RunDirectory first = RunDirectory.open(place, true)) {
      String text = refused(true);
      assertTrue(text.contains("in use by process " + ProcessHandle.current().pid()), text);
      assertEquals(place, first.path());
    }
    RunDirectory.open(place, true).close();
  }

  /** Closing any channel of a file gives up all of a process's locks on it: POSIX says so. */
  @Test
  void aRefusalInThisProcessLeavesTheLockToItsHolder() throws Exception {
    begin();
    try (RunDirectory first = RunDirectory.open(place, true)) {
      refused(true);
      Process other = hold(first.path());
      try (BufferedReader said = other.inputReader(StandardCharsets.UTF_8)) {
        assertEquals("taken", said.readLine());
      } finally {
        other.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void anotherProcessIsNamedAndItsEndFreesTheDirectory() throws Exception {
    begin();
    Process holder = hold(place);
    try (BufferedReader said = holder.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("held", said.readLine());
      String text = refused(true);
      assertTrue(text.contains("in use by process " + holder.pid()), text);
      assertEquals(1, text.lines().count());
    } finally {
      holder.destroyForcibly().waitFor();
    }
    RunDirectory.open(place, true).close();
  }

  @Test
  void aPlaceThatCannotBeADirectoryIsNamed() throws IOException {
    Path file = Files.writeString(place.resolve("file"), "");
    String text =
        assertThrows(UserException.class, () -> RunDirectory.open(file.resolve("run"), false))
            .getMessage();
    assertTrue(text.contains("file") && text.contains("--run"), text);
  }

  @Test
  void runsWithoutADirectoryGoUnderRuns() {
    String path = RunDirectory.standard("urrl").toString();
    assertTrue(path.matches("runs/urrl-\\d{8}-\\d{6}"), path);
  }

  private static Process hold(Path directory) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            directory.resolve("run.lock").toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void begin() throws IOException {
    try (RunDirectory directory = RunDirectory.open(place, false)) {
      directory.describe(JSON.createObjectNode());
    }
  }

  private String refused(boolean resume) {
    return assertThrows(UserException.class, () -> RunDirectory.open(place, resume)).getMessage();
  }

  /** Another process that holds a lock file as a run does, until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      Path file = Path.of(arguments[0]);
      try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        if (lock == null) {
          System.out.println("taken");
          return;
        }
        String pid = Long.toString(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)));
        System.out.println("held");
        System.in.read();
      }
    }
  }
}
