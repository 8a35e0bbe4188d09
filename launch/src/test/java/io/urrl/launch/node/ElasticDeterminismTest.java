package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.run.ServiceKeys;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.launch.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The loss curve and the final state do not depend on who did the work, or who died doing it. */
@Timeout(90)
class ElasticDeterminismTest {
  private static final int SAMPLES = PictureSets.open("shapes", Split.TRAIN).size();

  @TempDir private Path folder;

  private Runs.Left run(String name, Map<String, String> overrides, Runs.StepListener listener)
      throws Exception {
    Settings settings = Runs.settings(overrides);
    Path path = folder.resolve(name);
    RunNews.Outcome outcome = Runs.run(settings, path, false, listener);
    assertTrue(outcome instanceof RunNews.Outcome.Done, outcome::toString);
    Runs.Left left = Runs.left(settings, path, SAMPLES);
    assertEquals(List.of(), left.audit().faults());
    assertEquals(12, left.losses().size());
    return left;
  }

  @Test
  void theNumberOfWorkersAndTheirDeathsChangeNoBit() throws Exception {
    Runs.Left one = run("one", Map.of("workers.gpu", "1", "workers.augment", "1"), step -> {});
    Runs.Left two = run("two", Map.of("workers.gpu", "2", "workers.augment", "4"), step -> {});
    assertEquals(one, two);
    Runs.Left three = run("three", Map.of("workers.gpu", "3", "stream.mode", "udp"), step -> {});
    assertEquals(one, three);
    Killer killer = new Killer();
    Runs.Left killed = run("killed", Map.of("workers.gpu", "2", "workers.augment", "2"), killer);
    assertEquals(one, killed);
    assertEquals(3, killer.kills, "a GPU worker, an augment worker and the parameter shard");
  }

  @Test
  void anotherSeedGivesAnotherCurve() throws Exception {
    Runs.Left one = run("one", Map.of(), step -> {});
    Runs.Left other = run("other", Map.of("train.seed", "2"), step -> {});
    assertNotEquals(one.losses(), other.losses());
    assertNotEquals(one.digest(), other.digest());
  }

  @Test
  void staleGradientsTrainEverySampleOnceToo() throws Exception {
    Runs.Left exact = run("exact", Map.of(), step -> {});
    Runs.Left stale = run("stale", Map.of("train.staleness", "2", "workers.gpu", "2"), step -> {});
    double exactLast = exact.losses().getLast();
    assertEquals(exactLast, stale.losses().getLast(), 0.5 * exactLast);
  }

  /** Ends a worker of every kind on the way. */
  private static final class Killer implements Runs.StepListener {
    private Pretraining training;
    private int kills;

    @Override
    public synchronized void started(Pretraining running) {
      training = running;
      notifyAll();
    }

    private synchronized Pretraining training() {
      while (training == null) {
        try {
          wait();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return training;
    }

    @Override
    public void accept(long step) {
      if (step == 2 && kills == 0) {
        kill(ServiceKeys.GPU_WORKERS);
      } else if (step == 4 && kills == 1) {
        kill(ServiceKeys.AUGMENT_WORKERS);
      } else if (step == 8 && kills == 2) {
        kill(ServiceKeys.SHARDS);
      }
    }

    private <T> void kill(ServiceKey<T> key) {
      Runs.kill(training(), key);
      kills++;
    }
  }
}
