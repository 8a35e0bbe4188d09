package io.urrl.launch.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.Result.Backlog;
import io.urrl.actors.protocol.Result.Digests;
import io.urrl.actors.protocol.Result.Waits;
import io.urrl.actors.protocol.RunEvent.StepClosed;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person sees of a run. */
final class ConsoleViewTest {
  private static final Digests DIGESTS = new Digests(1, 2, 3);
  private static final String START_OF_LINE = "\r\033[K";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void aLineSaysWhereTheRunStands() {
    assertEquals(
        "epoch 3  step 100/400  loss 5.1235  acc@1 42.5%  lr 0.0300  640 pairs/s"
            + "  micro-batches ready 3/4  waits for views 12 ms  ETA 30 s",
        ConsoleView.format(step(99, 3, 0.03), 400, 5.12345, 0.425, 640, 0.012, 0.04, 64));
  }

  @Test
  void aLineSaysThatGpuWorkersStarve() {
    String line = ConsoleView.format(step(99, 3, 0.03), 400, 5, 0.4, 640, 0.3, 0.23, 64);
    assertTrue(line.contains("  starving for views 23 %  ETA"), line);
    assertFalse(line.contains("waits for"), line);
  }

  @Test
  void withoutARateThereIsNoEta() {
    String line = ConsoleView.format(step(0, 0, 0.03), 400, 5, 0, 0, 0, 0, 64);
    assertTrue(line.endsWith("ETA --"), line);
  }

  @Test
  void durationsAreWrittenAsPeopleDo() {
    assertEquals("0 s", ConsoleView.duration(0));
    assertEquals("59 s", ConsoleView.duration(59));
    assertEquals("1:00 min", ConsoleView.duration(60));
    assertEquals("59:59 min", ConsoleView.duration(3599));
    assertEquals("1:00 h", ConsoleView.duration(3600));
    assertEquals("25:01 h", ConsoleView.duration(25 * 3600 + 60));
  }

  @Test
  void awayFromATerminalThereAreOnlyWholeLines() {
    ConsoleView view = new ConsoleView(out, false, 64);
    view.started(0, 2, "a fresh start");
    view.step(step(0, 0, 0.03), 500);
    view.step(step(1, 0, 0.03), 500);
    view.checkpoint(2, "runs/mine/checkpoints/step-000000002");
    List<String> lines = printed().lines().toList();
    assertEquals("training from step 0 of 2, from a fresh start", lines.getFirst());
    assertTrue(lines.get(1).contains("step 2/2"), lines.get(1));
    assertEquals("checkpoint runs/mine/checkpoints/step-000000002", lines.getLast());
    assertEquals(3, lines.size(), "the first step came too soon for a line of its own");
    assertFalse(printed().contains("\r"), printed());
  }

  @Test
  void onATerminalOneLineIsWrittenOver() {
    ConsoleView view = new ConsoleView(out, true, 64);
    view.started(0, 1, "a fresh start");
    view.step(step(0, 0, 0.03), 500);
    String live = printed().substring(printed().lastIndexOf(START_OF_LINE));
    assertFalse(live.contains("\n"), live);
    view.notice("worker 2 stopped");
    assertTrue(printed().endsWith(START_OF_LINE + "worker 2 stopped" + System.lineSeparator()));
  }

  /** The first step waits for everything to start and would spoil the rate. */
  @Test
  void theRateCountsFromTheSecondStepOn() {
    ConsoleView view = new ConsoleView(out, false, 64);
    view.started(10, 12, "step 10");
    view.step(step(10, 0, 0.03), 1);
    view.step(step(11, 0, 0.03), 800);
    assertTrue(printed().contains("800 pairs/s"), printed());
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static StepClosed step(long step, int epoch, double rate) {
    Waits waits = new Waits(0, 0, 0.1, 0);
    List<Result> audit =
        List.of(
            result(new MicroBatchId(step, 0), "gpu-worker-1", waits, new Backlog(2, 2)),
            result(new MicroBatchId(step, 1), "gpu-worker-2", waits, new Backlog(1, 2)));
    return new StepClosed(1, step, epoch, 5, 0.5, rate, false, audit, null);
  }

  private static Result result(MicroBatchId id, String worker, Waits waits, Backlog backlog) {
    return new Result(id, 0, worker, id.step(), 5, 0.5, "", 1, List.of(), DIGESTS, waits, backlog);
  }
}
