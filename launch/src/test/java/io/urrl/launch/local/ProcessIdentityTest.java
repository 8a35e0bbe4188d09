package io.urrl.launch.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Processes and those that have their ids after them. */
final class ProcessIdentityTest {

  @Test
  void aProcessIsAliveUntilItEnds() throws Exception {
    Process process = new ProcessBuilder("cat").start();
    ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
    assertTrue(identity.isAlive());
    assertEquals(identity, ProcessIdentity.of(process.pid()).orElseThrow());
    process.destroyForcibly().waitFor();
    assertFalse(identity.isAlive());
  }

  @Test
  void aLaterProcessWithTheSameIdIsAnotherOne() {
    ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
    assertFalse(new ProcessIdentity(self.pid(), self.ticks() - 1, self.boot()).isAlive());
    assertFalse(new ProcessIdentity(self.pid(), self.ticks(), "another start").isAlive());
  }

  @Test
  void aProcessThatEndedAndIsNotWaitedForIsDead() throws Exception {
    // The shell's child ends at once; the shell becomes cat, which waits for no child.
    Process shell = new ProcessBuilder("sh", "-c", "true & echo $!; exec cat").start();
    long child = Long.parseLong(shell.inputReader().readLine().strip());
    try {
      assertTrue(Waiting.until(() -> ProcessIdentity.of(child).isEmpty(), Duration.ofSeconds(20)));
    } finally {
      shell.destroyForcibly().waitFor();
    }
  }
}
