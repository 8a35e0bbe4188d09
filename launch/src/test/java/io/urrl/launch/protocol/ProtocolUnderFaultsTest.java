package io.urrl.launch.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.agrona.IoUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever happens to messages, chunks and actors, a run ends, with the bits of an undisturbed one
 * and a clean audit. {@code -Durrl.test.runs=N} makes more runs than the build does, {@code
 * -Durrl.test.seed=S} repeats one and tells its story.
 */
class ProtocolUnderFaultsTest {
  private static final int RUNS = Integer.getInteger("urrl.test.runs", 300);
  private static final long FIRST = Long.getLong("urrl.test.first", 1);
  private static final String SEED = System.getProperty("urrl.test.seed", "");

  @TempDir private Path folder;
  private String undisturbed;

  @BeforeEach
  void runUndisturbed() throws Exception {
    Verdict verdict =
        new Simulation(
                0, Faults.NONE, 0, Size.LEAST, Files.createDirectories(folder.resolve("calm")))
            .run();
    assertEquals("", verdict.fault());
    undisturbed = verdict.digest();
  }

  private static Simulation of(long seed, int staleness, boolean resumed, Path run)
      throws Exception {
    SplittableRandom random = new SplittableRandom(seed ^ 0x5DEECE66DL);
    Faults faults = Faults.random(random);
    return new Simulation(
        resumed ? ~seed : seed,
        resumed ? faults.unstopped() : faults,
        staleness,
        Size.random(random),
        run);
  }

  private void check(long seed, int staleness) throws Exception {
    Path run = Files.createDirectories(folder.resolve("run-" + seed));
    Verdict verdict = run(of(seed, staleness, false, run), seed);
    if (verdict.stopped()) {
      verdict = run(of(seed, staleness, true, run), seed);
    }
    if (staleness == 0) {
      assertEquals(undisturbed, verdict.digest(), "seed " + seed + " ends with other bits");
    }
    IoUtil.delete(run.toFile(), true);
  }

  private static Verdict run(Simulation simulation, long seed) throws Exception {
    Verdict verdict;
    try {
      verdict = simulation.run();
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed + " fails:\n" + simulation.story(), e);
    }
    if (!SEED.isEmpty()) {
      System.out.println(simulation.story());
    }
    assertEquals("", verdict.fault(), () -> "seed " + seed + ":\n" + simulation.story());
    return verdict;
  }

  @Test
  void everyRunEndsWithTheSameBits() throws Exception {
    if (!SEED.isEmpty()) {
      check(Long.parseLong(SEED), 0);
      return;
    }
    for (long seed = FIRST; seed < FIRST + RUNS; seed++) {
      check(seed, 0);
    }
  }

  @Test
  void everyRunWithStalenessEnds() throws Exception {
    for (long seed = FIRST; seed < FIRST + RUNS / 4; seed++) {
      check(seed, 2);
    }
  }
}
