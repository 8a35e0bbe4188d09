package io.urrl.launch.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What signals do before, during and after a run. */
final class StopSignalsTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final List<String> said = new ArrayList<>();
  private final List<Integer> ends = new ArrayList<>();
  private final List<String> stops = new ArrayList<>();

  private StopSignals signals(Duration longest) {
    return new StopSignals(said::add, ends::add, longest);
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
  void theFirstStopsInOrderAndTheSecondAtOnce(String name, int code) {
    StopSignals signals = signals(LONG);
    signals.stopBy("stopping with a checkpoint", () -> stops.add("stop"));
    signals.on(name);
    assertEquals(List.of("stop"), stops);
    assertTrue(signals.asked());
    assertEquals(List.of(), ends);
    assertTrue(said.getFirst().startsWith("SIG" + name + ": stopping"), said.getFirst());
    assertTrue(said.getFirst().contains("checkpoint"), said.getFirst());
    signals.on(name);
    assertEquals(List.of("stop"), stops);
    assertEquals(List.of(code), ends);
  }

  @Test
  void beforeAndAfterTheRunOneIsEnough() {
    StopSignals signals = signals(LONG);
    signals.on("INT");
    assertEquals("ended by SIGINT: nothing was trained yet", said.getLast());
    assertEquals(List.of(130), ends);

    StopSignals after = signals(LONG);
    after.stopBy("stopping", () -> stops.add("stop"));
    after.over("all is kept");
    after.on("TERM");
    assertEquals("ended by SIGTERM: all is kept", said.getLast());
    assertEquals(List.of(130, 143), ends);
    assertEquals(List.of(), stops);
  }

  @Test
  void aStopThatDoesNotComeToAnEndIsGivenUp() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    StopSignals signals =
        new StopSignals(
            said::add,
            code -> {
              ends.add(code);
              ended.countDown();
            },
            Duration.ofMillis(20));
    signals.stopBy("stopping", () -> stops.add("stop"));
    signals.on("TERM");
    assertTrue(ended.await(30, TimeUnit.SECONDS));
    assertEquals(List.of(143), ends);
    assertTrue(said.getLast().contains("--resume"), said.getLast());
  }
}
