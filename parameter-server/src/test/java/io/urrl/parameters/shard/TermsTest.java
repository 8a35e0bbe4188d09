package io.urrl.parameters.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TermsTest {
  @TempDir private Path run;

  @Test
  void aRunThatNobodyBeganHasNone() throws IOException {
    assertEquals(0, Terms.of(run).highest());
  }

  @Test
  void aTermIsOnDiskWhenItIsClaimed() throws IOException {
    Terms terms = Terms.of(run);
    assertEquals(1, terms.claim(0));
    assertEquals(1, Terms.of(run).highest());
    assertEquals(12, Terms.of(run).claim(11));
    assertEquals(12, terms.highest());
    assertEquals(13, terms.claim(3));
  }

  @Test
  void noTermIsClaimedTwiceHoweverManyClaimAtOnce() throws Exception {
    Set<Integer> claimed = new HashSet<>();
    try (ExecutorService trainers = Executors.newFixedThreadPool(4)) {
      Callable<Integer> claim = () -> Terms.of(run).claim(0);
      for (Future<Integer> each :
          trainers.invokeAll(IntStream.range(0, 40).mapToObj(trainer -> claim).toList())) {
        assertTrue(claimed.add(each.get()), claimed::toString);
      }
    }
    assertEquals(40, Terms.of(run).highest());
  }

  /** Runs of earlier versions go on above their highest term. */
  @Test
  void theTermOfAnEarlierVersionCounts() throws IOException {
    Files.writeString(run.resolve("term"), "5\n");
    Terms terms = Terms.of(run);
    assertEquals(5, terms.highest());
    assertEquals(6, terms.claim(0));
    assertEquals(6, terms.highest());
  }

  @Test
  void aFileThatIsDamagedIsNamedWithTheRemedy() throws IOException {
    Path file = run.resolve("term");
    Files.writeString(file, "3x\n");
    Terms terms = Terms.of(run);
    String text = assertThrows(IOException.class, terms::highest).getMessage();
    assertTrue(text.startsWith(file.toString()), text);
    assertTrue(text.contains("write the highest \"term\" of ledger.jsonl into it"), text);
    Files.writeString(file, "");
    assertThrows(IOException.class, () -> terms.claim(0));
  }

  @Test
  void aTermThatCannotBePutDownIsNotClaimed() throws IOException {
    Path gone = Files.createDirectory(run.resolve("gone"));
    Files.createFile(gone.resolve("terms"));
    Terms terms = Terms.of(gone);
    assertThrows(IOException.class, () -> terms.claim(0));
    Files.delete(gone.resolve("terms"));
    Files.delete(gone);
    Files.createFile(gone);
    String text = assertThrows(IOException.class, () -> terms.claim(0)).getMessage();
    assertTrue(text.startsWith(gone.resolve("terms") + " cannot be written: "), text);
    assertTrue(text.endsWith("; mend that and start with --resume"), text);
    Files.delete(gone);
    Files.createDirectory(gone);
    assertEquals(1, terms.claim(0));
  }
}
