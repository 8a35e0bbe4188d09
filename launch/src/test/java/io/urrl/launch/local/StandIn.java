package io.urrl.launch.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stands in for the command line: a node that does nothing but what a launcher sees of one, and
 * whoever supervises. Files beside the run's directory tell a node to misbehave: {@code NAME.fails}
 * holds the exit code that it ends with at its start, {@code NAME.stubborn} lets it not leave.
 */
final class StandIn {
  private static final Duration FOR_EVER = Duration.ofMinutes(5);

  private final Map<String, String> options = new LinkedHashMap<>();
  private final ClusterDirectory cluster;
  private final Path report;

  private StandIn(List<String> arguments) {
    for (String argument : arguments) {
      String[] sides = argument.split("=", 2);
      options.put(sides[0], sides.length == 1 ? "" : sides[1]);
    }
    report = Path.of(options.get("--report"));
    cluster = new ClusterDirectory(report.getParent().getParent().getParent());
  }

  static NodeProgram program() {
    return new NodeProgram(StandIn.class.getName());
  }

  /** Starts a node, or supervises. */
  public static void main(String[] arguments) throws Exception {
    List<String> rest = Arrays.asList(arguments).subList(1, arguments.length);
    if (arguments[0].equals("supervise")) {
      Path run = Path.of(rest.getFirst().substring("--run=".length()));
      boolean watched = Cluster.find(run, program()).watch(System.out::println);
      System.exit(watched ? 0 : 1);
    }
    if (arguments[0].equals("driver")) {
      drive(Path.of(rest.getFirst().substring("--dir=".length())));
    } else {
      new StandIn(rest).work();
    }
  }

  private static void drive(Path directory) throws IOException {
    Path found = Files.createDirectories(directory).resolve("cnc.dat");
    Files.write(found, new byte[1]);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    Files.delete(found);
                    Files.delete(directory);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                  Runtime.getRuntime().halt(0);
                }));
    Waiting.until(() -> false, FOR_EVER);
  }

  private void work() throws IOException {
    System.out.println("arguments " + options);
    report("joining");
    Path fails = cluster.run().resolveSibling(name() + ".fails");
    if (Files.exists(fails)) {
      System.out.println(name() + " has a reason to fail");
      Runtime.getRuntime().halt(Integer.parseInt(Files.readString(fails)));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::leave));
    report("up");
    boolean trains = options.get("--roles").contains("trainer");
    Path stop = cluster.settings().resolveSibling("stop");
    boolean over = Waiting.until(() -> trains && Files.exists(stop), FOR_EVER);
    if (over) {
      JsonFile.write(
          stop.resolveSibling("over.json"),
          new ClusterDirectory.Over("stopped", "stopped at step 7", 7, "checkpoints/7"));
      Waiting.until(() -> false, FOR_EVER);
    }
  }

  private void leave() {
    if (Files.exists(cluster.run().resolveSibling(name() + ".stubborn"))) {
      Waiting.until(() -> false, FOR_EVER);
    }
    report("down");
    Runtime.getRuntime().halt(0);
  }

  private String name() {
    return options.get("--name");
  }

  private void report(String state) {
    try {
      JsonFile.write(
          report,
          new NodeReport(
              name(),
              List.of(options.get("--roles").split(",", -1)),
              "this-host",
              ProcessHandle.current().pid(),
              options.get("--host") + ":" + options.get("--port"),
              state,
              Map.of("gpu", 1),
              Instant.now().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
