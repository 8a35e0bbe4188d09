package io.urrl.parameters.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TermsTest {
  @TempDir private Path run;

  @Test
  void aRunThatNobodyBeganHasNone() throws IOException {
    assertEquals(0, Terms.of(run).highest());
  }

  @Test
  void aTermIsOnDiskWhenItHasBegun() throws IOException {
    Terms terms = Terms.of(run);
    terms.begin(3);
    assertEquals(3, Terms.of(run).highest());
    terms.begin(12);
    assertEquals(12, terms.highest());
    assertEquals(12, Terms.of(run).highest());
  }

  @Test
  void noTermIsBegunTwice() throws IOException {
    Terms terms = Terms.of(run);
    terms.begin(3);
    assertThrows(IllegalArgumentException.class, () -> terms.begin(3));
    assertThrows(IllegalArgumentException.class, () -> terms.begin(2));
    assertEquals(3, Terms.of(run).highest());
  }

  @Test
  void aFileThatIsDamagedIsNamedWithTheRemedy() throws IOException {
    Path file = run.resolve("term");
    Files.writeString(file, "3x\n");
    String text = assertThrows(IOException.class, () -> Terms.of(run)).getMessage();
    assertTrue(text.startsWith(file.toString()), text);
    assertTrue(text.contains("write the highest \"term\" of ledger.jsonl into it"), text);
    Files.writeString(file, "");
    assertThrows(IOException.class, () -> Terms.of(run));
    Files.writeString(file, "5\n");
    assertEquals(5, Terms.of(run).highest());
  }

  /** A process that died while it wrote. */
  @Test
  void aFileThatWasNotFinishedDoesNotCount() throws IOException {
    Terms.of(run).begin(3);
    Files.writeString(run.resolve("term.part"), "");
    Terms terms = Terms.of(run);
    assertEquals(3, terms.highest());
    terms.begin(4);
    assertEquals(4, Terms.of(run).highest());
  }

  @Test
  void aTermThatCannotBeWrittenIsNotBegun() throws IOException {
    Path gone = Files.createDirectory(run.resolve("gone"));
    Terms terms = Terms.of(gone);
    Files.delete(gone);
    String text = assertThrows(IOException.class, () -> terms.begin(1)).getMessage();
    assertTrue(text.startsWith(gone.resolve("term") + " cannot be written: "), text);
    assertTrue(text.endsWith("; mend that and start with --resume"), text);
    assertEquals(0, terms.highest());
    Files.createDirectory(gone);
    terms.begin(1);
    assertEquals(1, Terms.of(gone).highest());
  }
}
