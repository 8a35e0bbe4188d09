package io.urrl.launch.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.launch.config.NodeCounts;
import io.urrl.launch.config.SettingsLoader;
import io.urrl.launch.run.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that an autoscaler reads and changes. */
final class AutoscalerTest {
  @TempDir private Path run;
  private final List<String> said = new ArrayList<>();
  private ClusterDirectory cluster;
  private Autoscaler autoscaler;
  private long millis = 10_000;
  private long step;

  private void begin(String counts, String... settings) {
    Map<String, String> set = new HashMap<>();
    for (String setting : settings) {
      set.put(setting.split("=", 2)[0], setting.split("=", 2)[1]);
    }
    cluster =
        Cluster.begin(
                run,
                NodeCounts.parse(counts),
                SettingsLoader.load(null, set),
                Map.of("augment", Map.of("workers.augment", "1")),
                false,
                StandIn.program())
            .directory();
    autoscaler = new Autoscaler(cluster, said::add);
  }

  private void look() throws IOException {
    millis += 3_000;
    autoscaler.look(millis, cluster.wanted(), name -> false);
  }

  /** The run goes on with so many augment workers, and so many are missing. */
  private int record(int workers, int more) throws IOException {
    for (int line = 0; line < 2; line++) {
      Files.writeString(
          run.resolve("metrics.jsonl"),
          "{\"step\":%d,\"augment_workers\":%d,\"starve\":0.3,\"augment_more\":%d}\n"
              .formatted(step++, workers, more),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      look();
    }
    return cluster.wanted().running("augment").size();
  }

  @Test
  void whatIsMissingIsWanted() throws IOException {
    begin("trainer=1,parameters=1,gpu=1,augment=1", "augment.autoscale=true", "augment.max=4");
    look();
    assertEquals(3, record(1, 2));
    assertEquals(
        List.of("GPU workers starve for views: 3 augment nodes in place of 1 (augment.autoscale)"),
        said);
    assertEquals(
        Map.of("workers.augment", "1"),
        cluster.wanted().node("augment-3").orElseThrow().set(),
        "new ones are as the others are");
    assertEquals(3, record(1, 2), "they have not come yet");
    assertEquals(4, record(3, 9), "not more than the bound");
    assertEquals(2, said.size());
  }

  @Test
  void withoutTheSettingNothingChanges() throws IOException {
    begin("trainer=1,parameters=1,gpu=1,augment=1", "augment.max=4");
    assertEquals(1, record(1, 2));
    assertEquals(List.of(), said);
  }

  @Test
  void whatSomebodyOrderedStands() throws IOException {
    begin("trainer=1,parameters=1,gpu=1,augment=1", "augment.autoscale=true", "augment.max=9");
    Cluster.find(run, StandIn.program()).scale(NodeCounts.parse("augment=2"));
    assertEquals(2, record(2, 5));
    cluster.edit(wanted -> wanted.orderedAt(Instant.now().minus(Duration.ofMinutes(6))));
    assertEquals(7, record(2, 5));
  }

  @Test
  void workersOfOtherNodesCount() throws IOException {
    begin(
        "trainer=1,parameters=1,gpu+augment=1,augment=1",
        "augment.autoscale=true",
        "augment.max=4");
    assertEquals(3, record(2, 2));
    assertEquals(1, cluster.wanted().running("gpu+augment").size());
  }

  @Test
  void theNewestWholeLineIsRead() throws IOException {
    Path file = run.resolve("lines");
    assertTrue(JsonLines.newest(file).isEmpty());
    Files.writeString(file, "");
    assertTrue(JsonLines.newest(file).isEmpty());
    Files.writeString(file, "{\"step\":1");
    assertTrue(JsonLines.newest(file).isEmpty());
    Files.writeString(file, "{\"step\":1}\n");
    assertEquals(1, JsonLines.newest(file).orElseThrow().path("step").asInt());
    Files.writeString(file, "{\"step\":1}\n{\"step\":2}\n{\"st");
    assertEquals(2, JsonLines.newest(file).orElseThrow().path("step").asInt());
    Files.writeString(file, "x".repeat(20_000) + "\n{\"step\":3}\n");
    assertEquals(3, JsonLines.newest(file).orElseThrow().path("step").asInt());
    Files.writeString(file, "x\n");
    assertTrue(JsonLines.newest(file).isEmpty());
  }
}
