package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.urrl.launch.run.ClusterFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of several processes does what one process does. */
final class ClusterTest {
  private static final Map<String, String> SETTINGS =
      Map.of("data.source", "shapes:train=96,test=16");
  private static final Duration LONGEST = Duration.ofMinutes(3);

  @TempDir private Path folder;

  @Test
  void fourProcessesLeaveTheBitsOfOne() throws Exception {
    Path alone = folder.resolve("alone");
    Runs.run(Runs.settings(SETTINGS), alone, false, step -> {});
    Path run = folder.resolve("run");
    ClusterProcesses.describe(Runs.settings(SETTINGS), run);
    try (ClusterProcesses cluster =
        new ClusterProcesses(run, folder, Runs.flags(SETTINGS), List.of("trainer-1"))) {
      cluster.start("trainer-1", "trainer");
      cluster.start("parameters-1", "parameters");
      cluster.start("gpu-1", "gpu");
      cluster.start("augment-1", "augment");
      Path over = run.resolve(ClusterFiles.DIRECTORY).resolve(ClusterFiles.OVER);
      cluster.await("the end of the run", LONGEST, () -> Files.exists(over));
      assertEquals(
          Runs.left(Runs.settings(SETTINGS), alone, 96),
          Runs.left(Runs.settings(SETTINGS), run, 96),
          cluster::said);
      assertEquals(0, cluster.drain("gpu-1"), cluster::said);
    }
  }
}
