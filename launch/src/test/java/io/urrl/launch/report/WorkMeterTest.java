package io.urrl.launch.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Progress of long work, with a clock that the test sets. */
class WorkMeterTest {
  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long now = 5 * SECOND;

  private List<String> shown() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void whatWasThereBeforeDoesNotCountTowardsTheRate() {
    WorkMeter meter = new WorkMeter(out, false, "pictures", 1_281_167, () -> now);
    meter.add(0, 200_000);
    now += 20 * SECOND;
    meter.add(50_000, 0);
    assertEquals(List.of("250,000 of 1,281,167 pictures  2,500/s  ETA 6:52 min"), shown());
    assertEquals(50_000, meter.fresh());
    assertEquals(200_000, meter.kept());
  }

  @Test
  void whereItStandsIsAsGoodAsHowManyMore() {
    WorkMeter meter = new WorkMeter(out, false, "records", 0, () -> now);
    meter.reach(100, 400);
    now += 10 * SECOND;
    meter.reach(200, 400);
    assertEquals(List.of("200 of 400 records  10/s  ETA 20 s"), shown());
  }

  @Test
  void withoutARateThereIsNoEta() {
    WorkMeter meter = new WorkMeter(out, false, "records", 9, () -> now);
    meter.finish();
    assertEquals(List.of("0 of 9 records  0/s  ETA --"), shown());
  }

  @Test
  void aTerminalSeesTheEndOnALineOfItsOwn() {
    WorkMeter meter = new WorkMeter(out, true, "pictures", 2, () -> now);
    meter.add(1, 0);
    meter.add(1, 0);
    meter.finish();
    String all = bytes.toString(StandardCharsets.UTF_8);
    assertEquals(1, all.chars().filter(c -> c == '\n').count(), all);
    assertTrue(all.contains("2 of 2 pictures"), all);
  }
}
