package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.urrl.launch.run.ClusterFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster on several hosts, where one process may make such: control and data go over a network.
 */
final class HostsTest {
  private static final Map<String, String> SETTINGS =
      Map.of("data.source", "shapes:train=96,test=16");
  private static final Duration LONGEST = Duration.ofMinutes(4);
  private static final int LOST = 75;

  @TempDir private Path folder;

  @BeforeAll
  static void requireHosts() {
    assumeTrue(Hosts.possible(), "network namespaces need root on Linux");
  }

  private static long steps(Path run) {
    try {
      Path record = run.resolve("metrics.jsonl");
      return Files.exists(record) ? Files.readAllLines(record).size() : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  @Test
  void aHostThatIsCutOffCostsNothingButTime() throws Exception {
    Map<String, String> longer = new LinkedHashMap<>(SETTINGS);
    longer.put("train.max-steps", "100000");
    longer.put("train.epochs", "100000");
    Path run = folder.resolve("run");
    ClusterProcesses.describe(Runs.settings(longer), run);
    try (Hosts hosts = Hosts.of(3);
        ClusterProcesses cluster =
            new ClusterProcesses(
                run, folder, Runs.flags(longer), List.of("trainer-1", "gpu-1"), hosts)) {
      cluster.place("trainer-1", 0);
      cluster.place("gpu-1", 1);
      cluster.place("gpu-2", 2);
      cluster.start("trainer-1", "trainer,parameters");
      cluster.start("gpu-1", "gpu,augment");
      cluster.start("gpu-2", "gpu,augment");
      cluster.await("some steps with both", LONGEST, () -> haveWorked(run, "gpu-1", "gpu-2"));
      hosts.cut(2);
      long then = steps(run);
      cluster.await("the node that was cut off ends", LONGEST, () -> isOver(cluster, "gpu-2"));
      assertEquals(LOST, cluster.process("gpu-2").exitValue(), cluster::said);
      cluster.await("steps go on", LONGEST, () -> steps(run) > then + 5);
      hosts.heal(2);
      cluster.start("gpu-2", "gpu,augment");
      long again = steps(run);
      cluster.await("steps with both again", LONGEST, () -> haveWorked(run, again, "gpu-2"));
      Files.createDirectories(run.resolve(ClusterFiles.DIRECTORY));
      Files.createFile(run.resolve(ClusterFiles.DIRECTORY).resolve(ClusterFiles.STOP));
      Path over = run.resolve(ClusterFiles.DIRECTORY).resolve(ClusterFiles.OVER);
      cluster.await("the end of the run", LONGEST, () -> Files.exists(over));
      Map<String, String> alone = new LinkedHashMap<>(longer);
      alone.put("train.max-steps", Long.toString(steps(run)));
      Path other = folder.resolve("alone");
      Runs.run(Runs.settings(alone), other, false, step -> {});
      assertEquals(
          Runs.left(Runs.settings(longer), other, 96),
          Runs.left(Runs.settings(longer), run, 96),
          cluster::said);
    }
  }

  private static boolean isOver(ClusterProcesses cluster, String name) {
    return !cluster.process(name).isAlive();
  }

  private static boolean haveWorked(Path run, String... nodes) {
    return haveWorked(run, 0, nodes);
  }

  private static boolean haveWorked(Path run, long from, String... nodes) {
    try {
      Path ledger = run.resolve("ledger.jsonl");
      String text =
          Files.exists(ledger)
              ? String.join("", Files.readAllLines(ledger).stream().skip(from).toList())
              : "";
      return List.of(nodes).stream().allMatch(node -> text.contains("@" + node));
    } catch (IOException e) {
      return false;
    }
  }
}
