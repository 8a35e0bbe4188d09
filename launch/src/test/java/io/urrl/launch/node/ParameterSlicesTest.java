package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.run.ServiceKeys;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.launch.config.Settings;
import io.urrl.launch.run.LedgerComparison;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Into how many slices the parameters are cut, and which shards die, changes no bit. */
@Timeout(180)
class ParameterSlicesTest {
  private static final int SAMPLES = PictureSets.open("shapes", Split.TRAIN).size();

  @TempDir private Path folder;

  private Runs.Left run(
      String name, boolean resume, Map<String, String> overrides, Runs.StepListener listener)
      throws Exception {
    Settings settings = Runs.settings(overrides);
    Path path = folder.resolve(name);
    RunNews.Outcome outcome = Runs.run(settings, path, resume, listener);
    assertTrue(outcome instanceof RunNews.Outcome.Done, outcome::toString);
    Runs.Left left = Runs.left(settings, path, SAMPLES);
    assertEquals(List.of(), left.audit().faults());
    requireTidy(path.resolve("checkpoints"));
    return left;
  }

  /** Nothing is left of the slices. */
  private static void requireTidy(Path checkpoints) throws Exception {
    try (Stream<Path> entries = Files.list(checkpoints)) {
      List<String> names = entries.map(path -> path.getFileName().toString()).toList();
      assertTrue(
          names.stream().allMatch(name -> name.startsWith("step-") || name.equals("last")),
          names::toString);
    }
  }

  private void requireSameLedger(String one, String other) throws Exception {
    LedgerComparison.Report report =
        LedgerComparison.compare(folder.resolve(one), folder.resolve(other));
    assertEquals(12, report.equal(), () -> report.difference().orElseThrow().text());
  }

  @Test
  void theNumberOfSlicesChangesNeitherStateNorLedger() throws Exception {
    Runs.Left one = run("one", false, Map.of("workers.parameters", "1"), step -> {});
    Runs.Left three =
        run("three", false, Map.of("workers.parameters", "3", "workers.gpu", "2"), step -> {});
    assertEquals(one, three);
    requireSameLedger("one", "three");
    Runs.Left spare =
        run(
            "spare",
            false,
            Map.of("workers.parameters", "3", "parameters.slices", "2"),
            step -> {});
    assertEquals(one, spare);
    requireSameLedger("one", "spare");
  }

  @Test
  void anyNumberOfSlicesGoesOnWithTheCheckpointOfAnyOther() throws Exception {
    Runs.Left whole = run("whole", false, Map.of(), step -> {});
    run("cut", false, Map.of("workers.parameters", "3", "train.max-steps", "5"), step -> {});
    run(
        "cut",
        true,
        Map.of("workers.parameters", "2", "train.max-steps", "10", "stream.mode", "udp"),
        step -> {});
    assertEquals(whole, run("cut", true, Map.of("workers.parameters", "1"), step -> {}));
    requireSameLedger("whole", "cut");
  }

  @Test
  void aShardThatDiesIsReplacedBySuccessorOrSpare() throws Exception {
    Runs.Left whole = run("whole", false, Map.of(), step -> {});
    for (Map<String, String> shards :
        List.of(
            Map.of("workers.parameters", "3"),
            Map.of("workers.parameters", "3", "parameters.slices", "2"))) {
      String name = "killed-" + shards.size();
      Killer killer = new Killer();
      assertEquals(whole, run(name, false, shards, killer));
      assertEquals(2, killer.kills);
      requireSameLedger("whole", name);
    }
  }

  /** Ends two shards on the way, one of them twice perhaps. */
  private static final class Killer implements Runs.StepListener {
    private final CompletableFuture<Pretraining> training = new CompletableFuture<>();
    private int kills;

    @Override
    public void started(Pretraining running) {
      training.complete(running);
    }

    @Override
    public void accept(long step) {
      if ((step == 3 && kills == 0) || (step == 8 && kills == 1)) {
        kills++;
        Runs.kill(training.join(), ServiceKeys.SHARDS);
      }
    }
  }
}
