package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.ServiceKeys;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.launch.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long a run stands still when a part of it dies, on real actors and streams. */
@Timeout(180)
class RecoveryTest {
  private static final int SAMPLES = PictureSets.open("shapes", Split.TRAIN).size();

  /** What a death may cost beyond what steps cost at present: the machine may be busy. */
  private static final Map<String, Duration> ALLOWED =
      Map.of(
          "a GPU worker", Duration.ofSeconds(2),
          "an augment worker", Duration.ofSeconds(2),
          "the view supply", Duration.ofSeconds(4),
          "the trainer", Duration.ofSeconds(5),
          "the recorder", Duration.ofSeconds(3),
          "a parameter shard", Duration.ofSeconds(5));

  private static final int BUSY = 10;

  @TempDir private Path folder;

  /** A message that no actor knows: whoever gets it fails. */
  private record Poison() implements TrainerCommand.Internal, SupplyCommand.Internal {}

  /** A message that names nobody to answer: the recorder fails. */
  private static final RunEvent INCOMPLETE = new RunEvent.CheckpointKept(0, 0, "", null);

  /** Kills one part after another and sees how long it takes until the next step. */
  private static final class Killer implements Runs.StepListener {
    private final Map<String, Consumer<Pretraining>> faults = new LinkedHashMap<>();
    private final Map<String, Duration> pauses = new LinkedHashMap<>();
    private Pretraining training;
    private long lastStep = System.nanoTime();
    private Duration usual = Duration.ZERO;
    private String under = "";

    Killer() {
      faults.put("a GPU worker", run -> Runs.kill(run, ServiceKeys.GPU_WORKERS));
      faults.put("an augment worker", run -> Runs.kill(run, ServiceKeys.AUGMENT_WORKERS));
      faults.put("the view supply", run -> run.node().supply().tell(new Poison()));
      faults.put("the trainer", run -> run.trainer().tell(new Poison()));
      faults.put("the recorder", run -> run.recorder().tell(INCOMPLETE));
      faults.put("a parameter shard", run -> Runs.kill(run, ServiceKeys.SHARDS));
    }

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
      long now = System.nanoTime();
      Duration took = Duration.ofNanos(now - lastStep);
      lastStep = now;
      if (!under.isEmpty()) {
        pauses.merge(under, took, (a, b) -> a.compareTo(b) > 0 ? a : b);
      } else if (step > 2) {
        usual = took.compareTo(usual) > 0 ? took : usual;
      }
      // Two steps after each death tell what it cost; then the next one dies.
      if (step > 5 && step % 3 == 0) {
        under = "";
        faults.keySet().stream().findFirst().ifPresent(this::let);
      }
    }

    private void let(String victim) {
      under = victim;
      faults.remove(victim).accept(training());
    }
  }

  @Test
  void aDeathOfAnyPartCostsSecondsAtMost() throws Exception {
    Map<String, String> changes =
        Map.of(
            "workers.gpu", "2",
            "workers.parameters", "2",
            "train.max-steps", "40",
            "checkpoint.every", "2");
    Settings settings = Runs.settings(changes);
    Runs.run(settings, folder.resolve("whole"), false, step -> {});
    Killer killer = new Killer();
    Path run = folder.resolve("killed");
    Runs.run(settings, run, false, killer);
    assertEquals(
        Runs.left(settings, folder.resolve("whole"), SAMPLES), Runs.left(settings, run, SAMPLES));
    assertEquals(ALLOWED.keySet(), killer.pauses.keySet());
    System.out.println("longest time without a step: usually " + killer.usual.toMillis() + " ms");
    killer.pauses.forEach(
        (victim, pause) ->
            System.out.println("  after " + victim + ": " + pause.toMillis() + " ms"));
    for (Map.Entry<String, Duration> pause : killer.pauses.entrySet()) {
      Duration allowed = ALLOWED.get(pause.getKey()).plus(killer.usual.multipliedBy(BUSY));
      assertTrue(
          pause.getValue().compareTo(allowed) < 0, pause + " where " + allowed + " is allowed");
    }
    assertEquals(List.of(), Runs.left(settings, run, SAMPLES).audit().faults());
  }
}
