package io.urrl.launch.command.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.launch.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results outlive the process that wrote them. */
final class JournalTest {
  private static final Result SHORT = RecordedRun.result(1, "udp", "right");
  private static final Result LONG =
      new Result.LongPair(
          "subject", 2, "default", "g", 1200, 6, 90.25, "step 3", "exit code 1", List.of("a", "b"));

  @TempDir private Path place;

  @Test
  void whatWasAddedIsThereAgainAndNumbersGoOn() throws IOException {
    try (Journal journal = Journal.open(place)) {
      assertEquals(1, journal.nextNumber());
      journal.append(SHORT);
      journal.append(LONG);
    }
    try (Journal journal = Journal.open(place)) {
      assertEquals(List.of(SHORT, LONG), journal.results());
      assertEquals(3, journal.nextNumber());
    }
  }

  @Test
  void aLineThatWasCutOffIsDroppedAndWrittenOver() throws IOException {
    try (Journal journal = Journal.open(place)) {
      journal.append(SHORT);
    }
    Files.writeString(
        place.resolve(Journal.FILE), "{\"kind\":\"short\",\"num", StandardOpenOption.APPEND);
    try (Journal journal = Journal.open(place)) {
      assertEquals(List.of(SHORT), journal.results());
      journal.append(LONG);
    }
    try (Journal journal = Journal.open(place)) {
      assertEquals(List.of(SHORT, LONG), journal.results());
    }
  }

  @Test
  void aDamagedLineIsNamed() throws IOException {
    try (Journal journal = Journal.open(place)) {
      journal.append(SHORT);
    }
    Files.writeString(place.resolve(Journal.FILE), "what?\n", StandardOpenOption.APPEND);
    UserException e = assertThrows(UserException.class, () -> Journal.open(place));
    assertTrue(e.getMessage().contains(Journal.FILE + " line 2"), e.getMessage());
  }
}
