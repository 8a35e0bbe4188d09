package io.urrl.launch.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CountProgressTest {

  @Test
  void saysRateAndTimeToGo() {
    assertEquals(
        "250,000 of 1,281,167 pictures  2,345/s  ETA 7:19 min",
        CountProgress.format(250_000, 1_281_167, "pictures", 2_345));
    assertEquals("0 of 9 records  0/s  ETA --", CountProgress.format(0, 9, "records", 0));
  }

  @Test
  void aTerminalSeesTheEndOnALineOfItsOwn() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    CountProgress progress = new CountProgress(out, true, "pictures");
    progress.at(1, 2);
    progress.at(2, 2);
    progress.end();
    String shown = bytes.toString(StandardCharsets.UTF_8);
    assertEquals(1, shown.chars().filter(c -> c == '\n').count(), shown);
    assertTrue(shown.contains("2 of 2 pictures"), shown);
  }
}
