package io.urrl.launch.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.launch.UserException;
import io.urrl.launch.config.NodeCounts;
import io.urrl.launch.config.SettingsLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of real processes that do nothing. */
@Timeout(120)
final class ClusterTest {
  private static final Duration MOST = Duration.ofSeconds(60);
  private static final String SMALL = "trainer=1,parameters=1,gpu=1,augment=1";

  @TempDir private Path place;
  private Path run;
  private Cluster cluster;
  private boolean driver;
  private Map<String, String> settings = Map.of();

  @BeforeEach
  void setUp() {
    run = place.resolve("run");
  }

  /** Nothing of a test may stay. */
  @AfterEach
  void endAll() throws Exception {
    ClusterDirectory directory = new ClusterDirectory(run);
    if (!directory.exists()) {
      return;
    }
    List<ProcessIdentity> all = new ArrayList<>();
    if (directory.state().supervisor() != null) {
      all.add(directory.state().supervisor());
    }
    kill(all);
    directory.state().nodes().forEach(node -> all.add(node.process()));
    for (Wanted.Node node : directory.wanted().nodes()) {
      NodeProcess.withArgument(NodeProgram.mark(directory, node))
          .ifPresent(one -> all.add(one.identity()));
    }
    kill(all);
  }

  private static void kill(List<ProcessIdentity> processes) {
    for (ProcessIdentity process : processes) {
      if (process != null && process.isAlive() && process.pid() != self()) {
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        await(() -> !process.isAlive());
      }
    }
  }

  private static long self() {
    return ProcessHandle.current().pid();
  }

  private static void await(BooleanSupplier holds) {
    assertTrue(Waiting.until(holds, MOST), "it does not come to hold");
  }

  private void begin(String counts) {
    cluster =
        Cluster.begin(
            run,
            NodeCounts.parse(counts),
            SettingsLoader.load(null, settings),
            Map.of("gpu", Map.of("workers.gpu", "1"), "augment", Map.of("workers.augment", "1")),
            driver,
            StandIn.program());
  }

  private void up(String counts) throws Exception {
    begin(counts);
    cluster.watched();
    assertTrue(cluster.await(Cluster::settled, MOST, text -> {}), () -> cluster.nodes().toString());
  }

  private NodeStatus node(String name) {
    return cluster.nodes().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private ProcessIdentity process(String name) {
    return cluster.state().node(name).orElseThrow().process();
  }

  private String log(String name) throws IOException {
    return Files.readString(cluster.directory().logFile(name));
  }

  private static void killOne(ProcessIdentity process) {
    ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void allNodesComeUpWithTheirArgumentsAndLeaveAfterACheckpoint() throws Exception {
    up("trainer=1,parameters=1,gpu=2,augment=1");
    assertEquals(5, cluster.nodes().size());
    assertEquals(
        5, new HashSet<>(cluster.nodes().stream().map(NodeStatus::address).toList()).size());
    NodeStatus gpu = node("gpu-2");
    assertEquals(List.of("gpu"), gpu.roles());
    assertEquals("this-host", gpu.host());
    assertEquals(Map.of("gpu", 1), gpu.workers());
    assertTrue(ProcessHandle.of(gpu.pid().orElseThrow()).orElseThrow().isAlive());
    String said = log("gpu-2");
    for (String argument :
        List.of(
            "--supervised",
            "--name=gpu-2",
            "--join=" + node("trainer-1").address(),
            "--set=workers.gpu=1",
            "--config=" + run.toAbsolutePath().resolve("cluster/settings.conf"))) {
      assertTrue(said.contains(argument), argument + " is not in: " + said);
    }
    assertFalse(said.contains("--run="), said);
    assertTrue(log("trainer-1").contains("--run=" + run.toAbsolutePath()));
    assertEquals(
        SettingsLoader.load(null, Map.of()).config(),
        SettingsLoader.load(cluster.directory().settings(), Map.of()).config());
    cluster.stop();
    assertTrue(cluster.await(any -> any.state().end() != null, MOST, text -> {}));
    assertEquals(new ClusterState.End("stopped", "stopped at step 7", 7), cluster.state().end());
    assertFalse(cluster.state().anyAlive());
    assertEquals(
        List.of("gone"), cluster.nodes().stream().map(NodeStatus::state).distinct().toList());
    await(() -> !cluster.state().supervised());
    assertThrows(UserException.class, () -> cluster.drain("gpu-1"));
  }

  @Test
  void aNodeThatIsKilledStartsAgainAtItsPort() throws Exception {
    up(SMALL);
    ProcessIdentity before = process("gpu-1");
    String address = node("gpu-1").address();
    killOne(before);
    await(() -> node("gpu-1").restarts() == 1 && node("gpu-1").isUp());
    assertNotEquals(before, process("gpu-1"));
    assertEquals(address, node("gpu-1").address());
    assertTrue(log("supervisor").contains("gpu-1 was killed (exit code 137)"));
  }

  @Test
  void nodesOutliveWhoeverWatchesAndTheNextOneGoesOnWithThem() throws Exception {
    up(SMALL);
    List<ProcessIdentity> before =
        cluster.state().nodes().stream().map(ClusterState.Node::process).toList();
    killOne(cluster.state().supervisor());
    await(() -> !cluster.state().supervised());
    assertTrue(before.stream().allMatch(ProcessIdentity::isAlive));
    killOne(process("augment-1"));
    await(() -> node("augment-1").state().equals("dead"));

    cluster.watched();
    await(() -> cluster.settled() && node("augment-1").restarts() == 1);
    for (String name : List.of("trainer-1", "parameters-1", "gpu-1")) {
      assertTrue(before.contains(process(name)), name + " was started a second time");
      assertEquals(0, node(name).restarts());
    }
    assertThrows(UserException.class, () -> Cluster.requireNone(run));
  }

  @Test
  void aNodeThatNobodyWroteDownIsFound() throws Exception {
    up(SMALL);
    killOne(cluster.state().supervisor());
    await(() -> !cluster.state().supervised());
    ProcessIdentity gpu = process("gpu-1");
    ClusterState state = cluster.state();
    cluster
        .directory()
        .write(
            new ClusterState(
                null,
                state.nodes().stream().filter(node -> !node.name().equals("gpu-1")).toList(),
                null));
    cluster.watched();
    await(() -> cluster.settled());
    assertEquals(gpu, process("gpu-1"));
  }

  @Test
  void ordersAreCarriedOutThoughNobodyWatches() throws Exception {
    up(SMALL);
    killOne(cluster.state().supervisor());
    await(() -> !cluster.state().supervised());
    cluster.scale(NodeCounts.parse("augment=2,gpu=2"));
    assertTrue(cluster.await(Cluster::settled, MOST, text -> {}));
    assertTrue(node("augment-2").isUp() && node("gpu-2").isUp());
    cluster.drain("gpu-1");
    assertTrue(cluster.await(any -> any.isGone("gpu-1"), MOST, text -> {}));
    assertFalse(cluster.state().supervised());
    cluster.stop();
    assertTrue(cluster.await(any -> any.state().end() != null, MOST, text -> {}));
    assertFalse(cluster.state().anyAlive());
  }

  @Test
  void nodesAreAddedAndTakenAwayWhileTheOthersGoOn() throws Exception {
    up("trainer=1,parameters=1,gpu=1,augment=3");
    ProcessIdentity trainer = process("trainer-1");
    cluster.scale(NodeCounts.parse("augment=1,gpu=2"));
    assertTrue(cluster.await(Cluster::settled, MOST, text -> {}));
    assertEquals("gone", node("augment-3").state());
    assertEquals("gone", node("augment-2").state());
    assertTrue(node("gpu-2").isUp());
    cluster.scale(NodeCounts.parse("augment=2"));
    assertTrue(cluster.await(Cluster::settled, MOST, text -> {}));
    assertTrue(node("augment-2").isUp());
    assertEquals(trainer, process("trainer-1"));
    cluster.drain("augment-2");
    assertTrue(cluster.await(any -> any.isGone("augment-2"), MOST, text -> {}));
    assertTrue(log("augment-2").lines().count() > 0);
  }

  @Test
  void whoWatchesStartsTheAugmentNodesThatAreMissing() throws Exception {
    settings = Map.of("augment.autoscale", "true", "augment.max", "3");
    up(SMALL);
    Path metrics = run.resolve("metrics.jsonl");
    AtomicLong step = new AtomicLong();
    await(
        () -> {
          try {
            Files.writeString(
                metrics,
                "{\"step\":%d,\"augment_workers\":1,\"augment_more\":2}\n"
                    .formatted(step.getAndIncrement()));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return cluster.wanted().running("augment").size() == 3;
        });
    await(() -> cluster.settled() && node("augment-3").isUp());
    assertTrue(log("supervisor").contains("3 augment nodes in place of 1"));
  }

  @Test
  void aNodeThatFailsAtItsStartIsGivenUpWithItsLastLines() throws Exception {
    Files.writeString(place.resolve("augment-1.fails"), "3");
    Files.writeString(place.resolve("gpu-1.fails"), "3");
    begin(SMALL);
    List<String> said = new ArrayList<>();
    assertTrue(cluster.watch(said::add));
    assertTrue(cluster.state().end().failed(), said.toString());
    String all = String.join("\n", said);
    assertTrue(all.contains("ended with exit code 3 for the 5th time in a row"), all);
    assertTrue(all.contains("-1 has a reason to fail"), all);
    assertTrue(all.contains(run.resolve("cluster/logs").toString()), all);
    assertFalse(cluster.state().anyAlive());
  }

  @Test
  void aPortThatSomebodyTookMeanwhileIsLeftToThem() throws Exception {
    begin(SMALL);
    Wanted.Node gpu = cluster.wanted().node("gpu-1").orElseThrow();
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(gpu.host()), gpu.port()));
      cluster.watched();
      assertTrue(cluster.await(Cluster::settled, MOST, text -> {}));
      assertNotEquals(gpu.address(), node("gpu-1").address());
      assertTrue(
          log("supervisor")
              .contains("port %d of gpu-1 is taken by another process".formatted(gpu.port())));
    }
  }

  @Test
  void theMediaDriverIsThereBeforeTheNodesAndLeavesAfterThem() throws Exception {
    driver = true;
    up(SMALL);
    Path directory = cluster.wanted().node("driver").orElseThrow().driverDirectory();
    assertEquals(
        directory.toString(), cluster.settings("").stream().directory(), "the nodes' settings");
    NodeStatus status = node("driver");
    assertTrue(status.isUp() && status.roles().isEmpty() && status.address().isEmpty());
    assertThrows(UserException.class, () -> cluster.drain("driver"));
    killOne(process("driver"));
    await(() -> node("driver").restarts() == 1 && node("driver").isUp());
    assertEquals(0, node("gpu-1").restarts());
    cluster.scale(NodeCounts.parse("gpu=2"));
    assertTrue(cluster.await(Cluster::settled, MOST, text -> {}));
    cluster.stop();
    assertTrue(cluster.await(any -> any.state().end() != null, MOST, text -> {}));
    List<String> events =
        log("supervisor").lines().filter(line -> !line.startsWith(NodeLog.HEADER)).toList();
    assertTrue(events.get(1).contains("media driver is ready"), events.toString());
    assertTrue(events.getLast().contains("driver has left"), events.toString());
    assertTrue(Files.notExists(directory));
  }

  /** What a terminal sends to all processes of a command must not reach them. */
  @Test
  void nodesAreInNobodysSession() throws Exception {
    up(SMALL);
    for (String name : List.of("trainer-1", "gpu-1")) {
      String[] status =
          Files.readString(Path.of("/proc", Long.toString(process(name).pid()), "stat"))
              .replaceFirst(".*\\) ", "")
              .split(" ", -1);
      assertEquals(process(name).pid(), Long.parseLong(status[3]), "its session");
      new ProcessBuilder("kill", "-INT", Long.toString(process(name).pid())).start().waitFor();
      new ProcessBuilder("kill", "-HUP", Long.toString(process(name).pid())).start().waitFor();
    }
    assertFalse(
        ProcessHandle.of(process("gpu-1").pid())
            .orElseThrow()
            .onExit()
            .thenApply(any -> true)
            .completeOnTimeout(false, 1, TimeUnit.SECONDS)
            .join());
  }

  @Test
  void twoClustersKeepToThemselves() throws Exception {
    begin(SMALL);
    Cluster other =
        Cluster.begin(
            place.resolve("other"),
            NodeCounts.parse(SMALL),
            SettingsLoader.load(null, Map.of()),
            Map.of(),
            false,
            StandIn.program());
    HashSet<Integer> ports = new HashSet<>();
    cluster.wanted().nodes().forEach(node -> ports.add(node.port()));
    other.wanted().nodes().forEach(node -> ports.add(node.port()));
    assertEquals(8, ports.size());
    assertEquals(
        place.resolve("other"),
        ClusterDirectory.find(null, place).run(),
        "the newest one is meant where none is named");
    String message =
        assertThrows(UserException.class, () -> ClusterDirectory.find(place.resolve("none"), place))
            .getMessage();
    assertTrue(message.contains("has no cluster; start one with: urrl up --run"), message);
  }
}
