package io.urrl.launch.config;

import java.util.Arrays;
import java.util.List;

/** Where a node's control messages come to. */
public record HostPort(String host, int port) {

  /**
   * Reads {@code HOST:PORT}.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static HostPort of(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon).strip();
    int port = colon < 0 ? -1 : port(text.substring(colon + 1).strip());
    if (host.isEmpty() || port < 1) {
      throw new IllegalArgumentException(
          "'%s' is no address; give HOST:PORT, such as node1:7355".formatted(text.strip()));
    }
    return new HostPort(host, port);
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      return port > 0 && port <= 65_535 ? port : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /**
   * Reads some of them, separated by commas; none of an empty text.
   *
   * @throws IllegalArgumentException naming the first that is none
   */
  public static List<HostPort> list(String text) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(HostPort::of).toList();
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
