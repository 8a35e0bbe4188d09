package io.urrl.launch.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.launch.config.NodeCounts;
import io.urrl.launch.config.SettingsLoader;
import io.urrl.launch.local.Cluster;
import io.urrl.launch.local.NodeStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the commands about clusters say; no node is started. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
final class ClusterCommandsTest {
  @TempDir private Path place;

  private record Said(int code, String out, String err) {}

  private static Said run(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream failed = new ByteArrayOutputStream();
    try (PrintStream first = new PrintStream(said, true, StandardCharsets.UTF_8);
        PrintStream second = new PrintStream(failed, true, StandardCharsets.UTF_8)) {
      System.setOut(first);
      System.setErr(second);
      int code = Main.run(arguments);
      return new Said(
          code, said.toString(StandardCharsets.UTF_8), failed.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private Cluster cluster() {
    return Cluster.begin(
        place.resolve("run"),
        NodeCounts.parse("trainer=1,parameters=1,gpu=1,augment=1"),
        SettingsLoader.load(null, Map.of()),
        Map.of(),
        false,
        ClusterOptions.PROGRAM);
  }

  private static NodeStatus gpu() {
    return new NodeStatus(
        "gpu-1",
        List.of("gpu", "augment"),
        "up",
        "here",
        Optional.of(4711L),
        "127.0.0.1:20001",
        Map.of("gpu", 1, "augment", 2),
        3,
        "2026-01-01T00:00:00Z",
        "");
  }

  private static NodeStatus waiting() {
    return new NodeStatus(
        "trainer-1",
        List.of("trainer"),
        "waiting",
        "here",
        Optional.empty(),
        "127.0.0.1:20000",
        Map.of(),
        0,
        "",
        "");
  }

  @Test
  void programsReadTheSameNamesForever() {
    JsonNode nodes = PsCommand.json(List.of(gpu(), waiting()));
    List<String> fields = new ArrayList<>();
    nodes.get(0).fieldNames().forEachRemaining(fields::add);
    assertEquals(
        List.of("name", "roles", "host", "pid", "address", "state", "workers", "restarts", "since"),
        fields);
    assertEquals(
        "{\"name\":\"gpu-1\",\"roles\":[\"gpu\",\"augment\"],\"host\":\"here\",\"pid\":4711,"
            + "\"address\":\"127.0.0.1:20001\",\"state\":\"up\",\"workers\":[{\"kind\":\"augment\","
            + "\"count\":2},{\"kind\":\"gpu\",\"count\":1}],\"restarts\":3,"
            + "\"since\":\"2026-01-01T00:00:00Z\"}",
        nodes.get(0).toString());
    assertTrue(nodes.get(1).get("pid").isNull());
    assertTrue(nodes.get(1).get("since").isNull());
    assertEquals(0, nodes.get(1).get("workers").size());
  }

  @Test
  void peopleReadATable() {
    assertEquals(
        List.of(
            "NAME       ROLES        STATE    PID   ADDRESS          WORKERS          RESTARTS "
                + " SINCE",
            "gpu-1      gpu,augment  up       4711  127.0.0.1:20001  augment=2,gpu=1  3         50"
                + " s ago",
            "trainer-1  trainer      waiting  -     127.0.0.1:20000  -                0         -"),
        PsCommand.table(List.of(gpu(), waiting()), Instant.parse("2026-01-01T00:00:50Z")));
  }

  @Test
  void nodesThatWereNotStartedWaitAndNobodyWatches() throws IOException {
    String run = cluster().run().toString();
    Said said = run("ps", "--run", run);
    assertEquals(0, said.code(), said.err());
    assertEquals(4, said.out().lines().filter(line -> line.contains(" waiting ")).count());
    assertTrue(said.out().contains("nobody watches over the nodes"), said.out());
    JsonNode json = new ObjectMapper().readTree(run("ps", "--json", "--run", run).out());
    assertEquals(4, json.size());
    assertEquals("trainer-1", json.get(0).get("name").asText());
  }

  @Test
  void theLogsOfAllNodesAreToldApartByTheirNames() throws IOException {
    Cluster cluster = cluster();
    Files.writeString(cluster.directory().logFile("gpu-1"), "one\n\ntwo\n");
    Files.writeString(
        cluster.directory().logFile("augment-1"), "WARNING: Using incubator modules: x\nthree\n");
    String run = cluster.run().toString();
    assertEquals(
        List.of("gpu-1: one", "gpu-1: two", "augment-1: three"),
        run("logs", "--run", run).out().lines().toList());
    assertEquals(List.of("one", "two"), run("logs", "gpu-1", "--run", run).out().lines().toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "drain gpu1         | 2 | node 'gpu1' is unknown: there are trainer-1, parameters-1, gpu-1,"
            + " augment-1; did you mean gpu-1?",
        "logs argument-1    | 2 | did you mean augment-1?",
        "drain trainer-1    | 1 | no node would play the role trainer, and the run could not go on;"
            + " end it with: urrl down",
        "scale parameters=0 | 1 | no node would play the role parameters",
        "scale gup=2        | 2 | role 'gup' is unknown: give trainer, parameters, gpu, augment,"
            + " evaluate; did you mean gpu?",
        "scale gpu          | 2 | 'gpu' is no number of nodes; give KIND=NUMBER",
        "scale              | 2 | Missing required parameter",
      })
  void whatCannotBeMeantIsOneLine(String arguments, int code, String text) {
    String[] words = (arguments + " --run " + cluster().run()).split(" +", -1);
    Said said = run(words);
    assertTrue(said.err().contains(text), said.err());
    assertEquals(1, said.err().lines().count(), said.err());
    assertEquals(code, said.code());
  }

  @ParameterizedTest
  @CsvSource({"ps", "attach", "down", "logs", "scale gpu=2", "drain gpu-1"})
  void aRunWithoutAClusterIsNamedWithTheWayToOne(String arguments) {
    Path none = place.resolve("none");
    Said said = run((arguments + " --run " + none).split(" ", -1));
    assertEquals(
        "urrl: run %s has no cluster; start one with: urrl up --run %s%n".formatted(none, none),
        said.err());
    assertEquals(1, said.code());
  }

  @Test
  void aClusterThatCannotBeLeavesNoDirectory() {
    Path run = place.resolve("new");
    for (String nodes : List.of("trainer=1", "trainer=1,parameters=1,gpu=1,augmnt=1")) {
      Said said = run("up", "--run", run.toString(), "--nodes", nodes);
      assertEquals(2, said.code(), said.err());
      assertEquals(1, said.err().lines().count(), said.err());
    }
    Said said = run("up", "--run", run.toString(), "--set", "launch.nodes=gpu=1");
    assertTrue(said.err().contains("role trainer"), said.err());
    assertTrue(Files.notExists(run));
  }
}
