package io.urrl.launch.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A pipeline of augment workers and a GPU worker that fetches ahead, in virtual time, with tasks
 * that take unequal times: what is said of it must be what adding or removing workers does.
 */
final class PipelineTest {
  private static final int TASKS = 4;
  private static final int PREFETCH = 3;
  private static final double COMPUTE = 0.1;

  private final SplittableRandom random = new SplittableRandom(5);
  private final Feeding feeding = new Feeding();
  private final List<String> told = new ArrayList<>();
  private final Map<Integer, Double> busy = new HashMap<>();

  /** When each augment worker is free. */
  private final PriorityQueue<double[]> augmenters =
      new PriorityQueue<>((one, other) -> Double.compare(one[0], other[0]));

  /** When the views of each micro-batch that was asked for are there. */
  private final List<Double> ready = new ArrayList<>();

  private double gpu;
  private int done;

  private void workers(int count) {
    augmenters.clear();
    Set<Object> all = new HashSet<>();
    for (int worker = 0; worker < count; worker++) {
      all.add(worker);
      augmenters.add(new double[] {gpu, worker});
    }
    feeding.workers(all);
  }

  /**
   * Goes on for so many steps of a micro-batch each.
   *
   * @param task seconds that an augment worker takes for a task, in the mean
   * @return steps a second
   */
  private double run(int steps, double task) {
    double began = gpu;
    for (int step = 0; step < steps; step++) {
      while (ready.size() < done + PREFETCH) {
        fetch(task);
      }
      double start = Math.max(gpu, ready.get(done));
      double starved = start - gpu;
      double compute = COMPUTE * random.nextDouble(0.9, 1.1);
      gpu = start + compute;
      done++;
      for (double[] augmenter : augmenters) {
        int worker = (int) augmenter[1];
        feeding.load(
            nanos(),
            worker,
            (long) (1000 * busy.getOrDefault(worker, 0.0)),
            (long) (1000 * Math.max(gpu, augmenter[0])));
      }
      feeding.step(nanos(), starved, starved + compute).ifPresent(told::add);
    }
    return steps / (gpu - began);
  }

  private void fetch(double task) {
    double last = gpu;
    for (int part = 0; part < TASKS; part++) {
      double[] next = augmenters.remove();
      double takes = task * random.nextDouble(0.5, 1.5);
      next[0] = Math.max(next[0], gpu) + takes;
      busy.merge((int) next[1], takes, Double::sum);
      last = Math.max(last, next[0]);
      augmenters.add(next);
    }
    ready.add(last);
  }

  private long nanos() {
    return (long) (gpu * 1e9);
  }

  @Test
  void asManyMoreAsAreSaidToBeMissingMakeItAsFastAsTheGpuWorkerIs() {
    workers(2);
    double before = run(400, 0.08);
    assertTrue(before < 0.75 / COMPUTE, before + " steps a second");
    assertEquals(1, told.size(), told.toString());
    int more = feeding.report().more();
    assertTrue(more == 1 || more == 2, feeding.report().toString());
    workers(2 + more);
    double after = run(400, 0.08);
    assertTrue(after > 0.9 / COMPUTE, after + " steps a second");
  }

  @Test
  void whenAsManyGoAsCouldItIsAsFastAsBefore() {
    workers(6);
    double before = run(400, 0.03);
    assertTrue(told.getLast().startsWith("augment workers are idle"), told.toString());
    int more = feeding.report().more();
    assertTrue(more <= -3, feeding.report().toString());
    workers(6 + more);
    double after = run(400, 0.03);
    assertEquals(before, after, 0.05 * before);
    assertTrue(feeding.report().starve().orElseThrow() < Feeding.STARVING);
  }

  @Test
  void aPipelineInBalanceIsLeftAsItIs() {
    workers(3);
    run(1000, 0.06);
    assertEquals(List.of(), told);
    assertEquals(0, feeding.report().more());
  }
}
