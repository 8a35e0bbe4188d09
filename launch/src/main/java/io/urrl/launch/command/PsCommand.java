package io.urrl.launch.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.launch.local.Cluster;
import io.urrl.launch.local.ClusterState;
import io.urrl.launch.local.NodeStatus;
import io.urrl.launch.report.ConsoleView;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the nodes of a cluster. */
@Command(
    name = "ps",
    description = "Shows the nodes of a cluster and how they fare.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "States: starting, joining, up, leaving; waiting (to be started again), failed (given up),",
      "gone (it left), dead (it ended and nobody watches).",
      "",
      "--json prints an array with an object for each node: name, roles (array of text), host,",
      "pid (null while there is no process), address (HOST:PORT), state, workers (array of",
      "objects with kind and count), restarts, since (ISO 8601, null when unknown).",
      "",
      "Examples:",
      "  urrl ps",
      "  urrl ps --json --run runs/mine"
    })
public final class PsCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TITLES =
      List.of("NAME", "ROLES", "STATE", "PID", "ADDRESS", "WORKERS", "RESTARTS", "SINCE");

  @Mixin private ClusterOptions which;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Cluster cluster = which.cluster();
    List<NodeStatus> nodes = cluster.nodes();
    if (json) {
      System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(nodes)));
      return 0;
    }
    System.out.println("run " + cluster.run());
    table(nodes, Instant.now()).forEach(System.out::println);
    ClusterState state = cluster.state();
    if (state.end() != null) {
      System.out.println("the cluster has ended: " + state.end().text());
    } else if (!state.supervised()) {
      Unwatched.say(cluster);
    }
    return 0;
  }

  /** What programs read. */
  static ArrayNode json(List<NodeStatus> nodes) {
    ArrayNode all = JSON.createArrayNode();
    for (NodeStatus node : nodes) {
      ObjectNode one = all.addObject();
      one.put("name", node.name());
      node.roles().forEach(one.putArray("roles")::add);
      one.put("host", node.host());
      one.put("pid", node.pid().orElse(null));
      one.put("address", node.address().isEmpty() ? null : node.address());
      one.put("state", node.state());
      ArrayNode workers = one.putArray("workers");
      new TreeMap<>(node.workers())
          .forEach((kind, count) -> workers.addObject().put("kind", kind).put("count", count));
      one.put("restarts", node.restarts());
      one.put("since", node.since().isEmpty() ? null : node.since());
    }
    return all;
  }

  /** What people read. */
  static List<String> table(List<NodeStatus> nodes, Instant now) {
    List<List<String>> rows = new ArrayList<>(List.of(TITLES));
    for (NodeStatus node : nodes) {
      rows.add(
          List.of(
              node.name(),
              node.roles().isEmpty() ? "-" : String.join(",", node.roles()),
              node.state(),
              node.pid().map(String::valueOf).orElse("-"),
              node.address().isEmpty() ? "-" : node.address(),
              workers(node.workers()),
              Integer.toString(node.restarts()),
              ago(node.since(), now)));
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int index = column;
        int width = rows.stream().mapToInt(one -> one.get(index).length()).max().orElse(0);
        line.append(row.get(column)).repeat(' ', width + 2 - row.get(column).length());
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static String workers(Map<String, Integer> workers) {
    return workers.isEmpty()
        ? "-"
        : new TreeMap<>(workers)
            .entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
  }

  private static String ago(String since, Instant now) {
    try {
      Duration time = Duration.between(Instant.parse(since), now);
      return ConsoleView.duration(Math.max(0, time.toSeconds())) + " ago";
    } catch (DateTimeException e) {
      return "-";
    }
  }
}
