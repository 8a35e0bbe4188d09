package io.urrl.launch.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Who waits for whom, in pipelines whose rates are known. */
final class FeedingTest {
  private static final double STEP_SECONDS = 0.2;

  private Feeding feeding = new Feeding();
  private final List<String> told = new ArrayList<>();
  private double seconds = 1000;
  private double[] busySeconds = {};

  private void workers(int count) {
    feeding.workers(IntStream.range(0, count).boxed().collect(Collectors.toSet()));
    busySeconds = Arrays.copyOf(busySeconds, count);
  }

  /** Goes on for a while with the same shares. */
  private void goOn(double forSeconds, double starve, double busy) {
    for (double end = seconds + forSeconds; seconds < end; seconds += STEP_SECONDS) {
      for (int worker = 0; worker < busySeconds.length; worker++) {
        busySeconds[worker] += STEP_SECONDS * busy;
        feeding.load(
            nanos(), worker, Math.round(1000 * busySeconds[worker]), Math.round(1000 * seconds));
      }
      feeding.step(nanos(), starve * STEP_SECONDS, STEP_SECONDS).ifPresent(told::add);
    }
  }

  private long nanos() {
    return (long) (seconds * 1e9);
  }

  /**
   * Goes on in a pipeline that is limited by the slower side.
   *
   * @param demand what the GPU workers take when they never wait, in what one augment worker makes
   */
  private Feeding.Report pipeline(int count, double demand) {
    workers(count);
    goOn(40, Math.max(0, 1 - count / demand), Math.min(1, demand / count));
    return feeding.report();
  }

  @Property(tries = 300)
  void asManyAsAreSaidToBeMissingFeedThem(
      @ForAll @IntRange(min = 1, max = 16) int workers,
      @ForAll @DoubleRange(min = 0.1, max = 60) double demand) {
    feeding = new Feeding();
    Feeding.Report report = pipeline(workers, demand);
    assertEquals(workers, report.workers());
    double starve = report.starve().orElseThrow();
    assertEquals(Math.max(0, 1 - workers / demand), starve, 1e-6);
    int after = workers + report.more();
    if (report.more() > 0) {
      assertTrue(starve >= Feeding.STARVING, report.toString());
      if (starve < 0.95) {
        assertTrue(after >= demand - 1e-3, "too few: " + report);
      }
      assertTrue(after - 1 < demand + 1e-3, "too many: " + report);
    } else if (report.more() < 0) {
      assertTrue(after >= 1 && after >= demand, "they would starve: " + report);
    } else {
      assertTrue(starve < Feeding.STARVING, "none is missing: " + report);
    }
  }

  @Property(tries = 300)
  void whoFollowsComesToRestWithWorkersThatAreBusyAndFeed(
      @ForAll @IntRange(min = 1, max = 16) int begin,
      @ForAll @DoubleRange(min = 0.1, max = 30) double demand) {
    feeding = new Feeding();
    int workers = begin;
    int changes = 0;
    for (int more = pipeline(workers, demand).more(); more != 0; changes++) {
      workers += more;
      assertTrue(changes < 4, "it does not come to rest");
      more = pipeline(workers, demand).more();
    }
    assertTrue(workers >= demand * (1 - Feeding.STARVING) - 1e-3, workers + " starve");
    assertTrue(workers <= 1 + demand / 0.7 + 1e-3, workers + " are too many");
  }

  @Test
  void aChangeIsToldOnce() {
    workers(2);
    goOn(60, 0.6, 1);
    assertEquals(
        List.of(
            "GPU workers starve for views (60 % of their time): about 3 more augment workers would"
                + " feed them"),
        told);
    told.clear();
    workers(5);
    goOn(60, 0, 0.9);
    assertEquals(List.of("GPU workers get their views in time"), told);
    told.clear();
    goOn(60, 0, 0.25);
    assertEquals(List.of("augment workers are idle: 2 of 5 would be enough"), told);
  }

  @Test
  void whatIsStillMissingWithMoreWorkersIsTold() {
    workers(1);
    goOn(30, 0.5, 1);
    workers(2);
    goOn(30, 0.1, 1);
    assertEquals(2, told.size());
    assertTrue(told.getLast().endsWith("about 1 more augment worker would feed them"));
  }

  @Test
  void whereAugmentWorkersAreNotBusyMoreOfThemAreNotAskedFor() {
    workers(4);
    goOn(40, 0.3, 0.5);
    assertEquals(0, feeding.report().more());
    assertEquals(1, told.size());
    assertTrue(told.getFirst().contains("more augment workers would not help"), told.getFirst());
    assertTrue(told.getFirst().contains("50 %"), told.getFirst());
  }

  @Test
  void aShareThatGoesUpAndDownAroundTheBoundIsOneState() {
    workers(2);
    for (int i = 0; i < 10; i++) {
      goOn(40, 0.055, 1);
      goOn(40, 0.03, 1);
    }
    assertEquals(1, told.size(), told.toString());
  }

  @Test
  void nobodyIsIdleWhoDoesNotSayHowBusyItIs() {
    feeding.workers(Set.of("silent", "other"));
    goOn(40, 0, 0);
    assertEquals(0, feeding.report().more());
    assertEquals(OptionalDouble.empty(), feeding.report().busy());
    goOn(40, 0.5, 0);
    assertEquals(2, feeding.report().more(), "as if they were busy");
  }

  @Test
  void itIsTooEarlyToSayAfterAChange() {
    workers(2);
    goOn(9, 0.5, 1);
    assertEquals(OptionalDouble.empty(), feeding.report().starve());
    goOn(3, 0.5, 1);
    assertTrue(feeding.report().starve().isPresent());
    workers(3);
    assertEquals(OptionalDouble.empty(), feeding.report().starve());
    assertEquals(3, feeding.report().workers());
    goOn(15, 0.25, 1);
    assertEquals(0.25, feeding.report().starve().orElseThrow(), 1e-6, "nothing of before");
    feeding.restart();
    assertEquals(OptionalDouble.empty(), feeding.report().starve());
  }

  @Test
  void whoIsGoneCountsNoLonger() {
    workers(2);
    goOn(40, 0, 0.1);
    assertEquals(-1, feeding.report().more());
    workers(1);
    feeding.load(nanos(), 1, 5, 5);
    goOn(40, 0, 0.1);
    assertEquals(0.1, feeding.report().busy().orElseThrow(), 0.01);
    assertEquals(0, feeding.report().more(), "the last one stays");
  }
}
