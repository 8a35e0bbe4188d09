package io.urrl.launch.node;

import io.urrl.launch.ThisJvm;
import io.urrl.launch.command.TiedMain;
import io.urrl.launch.config.Setting;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsTable;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** The nodes of a cluster in processes of their own, which end with this one. */
final class ClusterProcesses implements AutoCloseable {
  private final Path run;
  private final Path logs;
  private final List<String> seeds;
  private final List<String> settings;
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Map<String, Process> processes = new LinkedHashMap<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final Hosts hosts;

  /**
   * A cluster of no nodes yet on this host, for a run that is described in a directory.
   *
   * @param logs directory for what they say
   * @param overrides of settings, as in {@link Runs#flags}
   * @param seeds names of the nodes that others join through
   */
  ClusterProcesses(Path run, Path logs, Map<String, String> overrides, List<String> seeds)
      throws IOException {
    this(run, logs, overrides, seeds, null);
  }

  /**
   * The same on several hosts.
   *
   * @param hosts that the nodes are on; null for this one
   */
  ClusterProcesses(
      Path run, Path logs, Map<String, String> overrides, List<String> seeds, Hosts hosts)
      throws IOException {
    this.run = run;
    this.logs = logs;
    this.seeds = seeds;
    this.hosts = hosts;
    settings =
        overrides.entrySet().stream()
            .filter(
                entry ->
                    SettingsTable.named(entry.getKey()).orElseThrow().isUsedBy(Setting.Use.NODE))
            .flatMap(entry -> List.of("--set", entry.getKey() + "=" + entry.getValue()).stream())
            .toList();
    for (String seed : seeds) {
      ports.put(seed, freePort());
    }
  }

  /** Describes a run that a cluster is to carry out. */
  static void describe(Settings settings, Path run) {
    Pretraining.describe(settings, run, false, text -> {}).close();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Says on which host a node is; before the first start of any. */
  void place(String name, int host) {
    places.put(name, host);
  }

  private String host(String name) {
    return hosts == null ? "127.0.0.1" : hosts.address(places.get(name));
  }

  /**
   * Starts a node, which may begin the cluster if it is the first seed and no other node is there.
   *
   * @param more arguments
   */
  void start(String name, String roles, String... more) throws IOException {
    int port = ports.containsKey(name) ? ports.get(name) : freePort();
    ports.put(name, port);
    List<String> arguments =
        new ArrayList<>(List.of("node", "--roles", roles, "--name", name, "--supervised"));
    arguments.addAll(List.of("--port", Integer.toString(port), "--join", join(name)));
    arguments.addAll(List.of("--run", run.toString(), "--report", report(name).toString()));
    arguments.addAll(settings);
    if (hosts != null) {
      arguments.addAll(List.of("--host", host(name), "--set", "cluster.unsafe-bind=true"));
    }
    arguments.addAll(List.of(more));
    List<String> command = ThisJvm.command(TiedMain.class.getName(), arguments);
    processes.put(
        name,
        new ProcessBuilder(hosts == null ? command : hosts.command(places.get(name), command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
            .start());
  }

  /** Of those that run only others may be asked for the cluster first. */
  private String join(String name) {
    List<String> first = new ArrayList<>(seeds);
    boolean alone = processes.values().stream().noneMatch(Process::isAlive);
    if (!alone && first.remove(name)) {
      first.add(name);
    }
    return first.stream()
        .map(seed -> host(seed) + ":" + ports.get(seed))
        .collect(Collectors.joining(","));
  }

  Path report(String name) {
    return logs.resolve(name + ".json");
  }

  Path log(String name) {
    return logs.resolve(name + ".log");
  }

  Process process(String name) {
    return processes.get(name);
  }

  /** Ends a node at once. */
  void kill(String name) throws InterruptedException {
    processes.get(name).destroyForcibly().waitFor();
  }

  /** Has a node leave in order; returns its exit code. */
  int drain(String name) throws InterruptedException {
    Process process = processes.get(name);
    // Process.destroy would close its standard input, which ends a tied process.
    process.toHandle().destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError(name + " does not leave");
    }
    return process.exitValue();
  }

  /** Waits for something that the nodes do. */
  void await(String what, Duration longest, BooleanSupplier there) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (!there.getAsBoolean()) {
      boolean allGone = processes.values().stream().noneMatch(Process::isAlive);
      if (allGone || System.nanoTime() > deadline) {
        throw new AssertionError(what + " does not come\n" + said());
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  /** What all nodes have said, for the text of a failure. */
  String said() {
    StringBuilder all = new StringBuilder();
    for (String name : processes.keySet()) {
      try {
        all.append("---- ").append(name).append('\n').append(Files.readString(log(name)));
      } catch (IOException e) {
        all.append(e).append('\n');
      }
    }
    return all.toString();
  }

  @Override
  public void close() {
    processes.values().forEach(Process::destroyForcibly);
    processes.values().forEach(process -> process.onExit().join());
  }
}
