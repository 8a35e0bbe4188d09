package io.urrl.launch.local;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/**
 * What a node says of itself: {@code reports/NAME.json} of a cluster.
 *
 * @param host name of its machine
 * @param address where the others of the cluster reach it
 * @param state joining, up, leaving or down
 * @param workers how many of each kind it has
 * @param since when the state began, in ISO 8601
 */
public record NodeReport(
    String name,
    List<String> roles,
    String host,
    long pid,
    String address,
    String state,
    Map<String, Integer> workers,
    String since) {

  private static final String UP = "up";

  /** The file by which others find a media driver. */
  private static final String DRIVER_FILE = "cnc.dat";

  /** Copies roles and workers. */
  public NodeReport {
    roles = roles == null ? List.of() : List.copyOf(roles);
    workers = workers == null ? Map.of() : Map.copyOf(workers);
  }

  /** In the place of a media driver, which is no member and says nothing. */
  static NodeReport ofDriver(Wanted.Node node, ProcessIdentity process) {
    boolean ready = Files.exists(node.driverDirectory().resolve(DRIVER_FILE));
    return new NodeReport(
        node.name(),
        List.of(),
        node.host(),
        process == null ? 0 : process.pid(),
        "",
        ready ? UP : "starting",
        Map.of(),
        null);
  }

  /** Whether it is a member of the cluster. */
  @JsonIgnore
  boolean isUp() {
    return UP.equals(state);
  }
}
