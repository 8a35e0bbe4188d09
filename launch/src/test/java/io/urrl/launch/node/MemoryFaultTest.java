package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.fault.BitFlips;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.launch.config.Settings;
import io.urrl.launch.run.LedgerComparison;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bits that change in memory are found, named and survived, and change nothing of the result. */
@Timeout(180)
class MemoryFaultTest {
  private static final int SAMPLES = PictureSets.open("shapes", Split.TRAIN).size();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"1", "3"})
  void aFlippedBitOfAnyKindIsFoundNamedAndSurvived(String shards) throws Exception {
    Map<String, String> changes = Map.of("workers.gpu", "2", "workers.parameters", shards);
    Settings settings = Runs.settings(changes);
    Runs.run(settings, folder.resolve("whole"), false, step -> {});
    Path run = folder.resolve("flipped");
    Path output = folder.resolve("output.txt");
    Process process =
        RunProcess.start(
            changes,
            run,
            List.of("-D" + BitFlips.PROPERTY + "=views:2,gradient:4,state:7,parameters:9"),
            List.of(),
            output);
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the run does not end");
    String said = Files.readString(output);
    assertEquals(0, process.exitValue(), said);
    assertEquals(
        Runs.left(settings, folder.resolve("whole"), SAMPLES), Runs.left(settings, run, SAMPLES));
    LedgerComparison.Report report = LedgerComparison.compare(folder.resolve("whole"), run);
    assertEquals(12, report.equal(), () -> report.difference().orElseThrow().text());
    assertTrue(said.contains("1 views of step 2"), said);
    assertTrue(said.contains("the gradient of step 4"), said);
    assertTrue(said.contains("encoder's parameters changed in memory after step 7"), said);
    assertTrue(said.contains("its encoder of version 9 is not the parameter shard's"), said);
  }
}
