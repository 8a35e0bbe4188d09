package io.urrl.launch.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path run;

  private static ObjectNode line(long step, int term) {
    return JSON.createObjectNode().put("step", step).put("term", term);
  }

  @Test
  void anEmptyRecordReachesNowhere() throws IOException {
    try (RunFiles files = RunFiles.open(run)) {
      assertEquals(0, files.steps());
      assertEquals(0, files.term());
    }
  }

  @Test
  void theRecordReachesAsFarAsTheShorterFile() throws IOException {
    try (RunFiles files = RunFiles.open(run)) {
      files.metrics().append(line(0, 1));
      assertEquals(0, files.steps());
      files.ledger().append(line(0, 1));
      assertEquals(1, files.steps());
      files.ledger().append(line(1, 4));
      assertEquals(1, files.steps());
      assertEquals(4, files.term());
    }
  }

  @Test
  void bothFilesAreCut() throws IOException {
    try (RunFiles files = RunFiles.open(run)) {
      for (long step = 0; step < 3; step++) {
        files.metrics().append(line(step, 2));
        files.ledger().append(line(step, 2));
      }
      files.evaluations().append(line(2, 0));
      files.truncateFrom(1);
      assertEquals(1, files.steps());
    }
    assertEquals(1, Files.readAllLines(run.resolve("metrics.jsonl")).size());
    assertEquals(1, Files.readAllLines(run.resolve("ledger.jsonl")).size());
    assertEquals(
        List.of(line(2, 0).toString()), Files.readAllLines(run.resolve("evaluations.jsonl")));
  }
}
