package io.urrl.launch.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.urrl.actors.protocol.EvaluationCommand.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class EvaluationMeterTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AtomicLong clock = new AtomicLong();
  private final EvaluationMeter meter =
      new EvaluationMeter(new PrintStream(bytes, true, StandardCharsets.UTF_8), false, clock::get);

  private void after(long seconds, String title, String unit, long done, long total) {
    clock.addAndGet(seconds * 1_000_000_000L);
    meter.progress(new Progress(1, title, unit, done, total));
  }

  private List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void everyPartEndsWithItsRate() {
    after(0, "trained", "pictures", 250, 1000);
    after(5, "trained", "pictures", 1000, 1000);
    after(0, "trained", "epochs of the probe", 1, 100);
    after(11, "trained", "epochs of the probe", 23, 100);
    after(4, "trained", "epochs of the probe", 100, 100);
    meter.ended();
    meter.ended();
    assertEquals(
        List.of(
            "1,000 of 1,000 pictures, trained  200/s  ETA 0 s",
            "23 of 100 epochs of the probe, trained  2/s  ETA 36 s",
            "100 of 100 epochs of the probe, trained  7/s  ETA 0 s"),
        lines());
  }

  @Test
  void theNextJobStartsAnew() {
    after(2, "trained", "pictures", 10, 10);
    meter.ended();
    after(0, "untrained", "pictures", 5, 10);
    after(1, "untrained", "pictures", 10, 10);
    meter.ended();
    assertEquals("10 of 10 pictures, untrained  10/s  ETA 0 s", lines().getLast());
  }
}
