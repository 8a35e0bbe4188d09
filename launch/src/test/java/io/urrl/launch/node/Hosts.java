package io.urrl.launch.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Hosts on this machine: network namespaces of Linux with an address each, joined by a bridge. What
 * runs in one reaches the others through that network alone, and its cable can be pulled.
 */
final class Hosts implements AutoCloseable {
  private static final long LONGEST_COMMAND = 20;

  private final String prefix = "urrl" + ProcessHandle.current().pid() % 10_000;
  private final int net = (int) (ProcessHandle.current().pid() % 250);
  private final int count;

  private Hosts(int count) {
    this.count = count;
  }

  /** Whether this process may make network namespaces. */
  static boolean possible() {
    try (Hosts hosts = new Hosts(0)) {
      hosts.ip("netns", "add", hosts.prefix + "-try");
      hosts.ip("netns", "del", hosts.prefix + "-try");
      return true;
    } catch (IOException | IllegalStateException e) {
      return false;
    }
  }

  /** Makes some hosts. */
  static Hosts of(int count) throws IOException {
    Hosts hosts = new Hosts(count);
    try {
      hosts.make();
      return hosts;
    } catch (IOException | IllegalStateException e) {
      hosts.close();
      throw e;
    }
  }

  private void make() throws IOException {
    ip("link", "add", bridge(), "type", "bridge");
    ip("link", "set", bridge(), "up");
    for (int host = 0; host < count; host++) {
      ip("netns", "add", name(host));
      ip("link", "add", cable(host), "type", "veth", "peer", "name", "net0", "netns", name(host));
      ip("link", "set", cable(host), "master", bridge(), "up");
      within(host, "addr", "add", address(host) + "/24", "dev", "net0");
      within(host, "link", "set", "net0", "up");
      within(host, "link", "set", "lo", "up");
    }
  }

  private String bridge() {
    return prefix + "b";
  }

  private String name(int host) {
    return prefix + "-" + host;
  }

  private String cable(int host) {
    return prefix + "c" + host;
  }

  /** Its address. */
  String address(int host) {
    return "10.77.%d.%d".formatted(net, host + 1);
  }

  /** A command that runs there. */
  List<String> command(int host, List<String> command) {
    List<String> there = new ArrayList<>(List.of("ip", "netns", "exec", name(host)));
    there.addAll(command);
    return there;
  }

  /** Pulls its cable. */
  void cut(int host) throws IOException {
    ip("link", "set", cable(host), "down");
  }

  /** Puts the cable back. */
  void heal(int host) throws IOException {
    ip("link", "set", cable(host), "up");
  }

  private void within(int host, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("-n", name(host)));
    all.addAll(List.of(arguments));
    ip(all.toArray(String[]::new));
  }

  private void ip(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(LONGEST_COMMAND, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    for (int host = 0; host < count; host++) {
      quietly("netns", "del", name(host));
    }
    if (count > 0) {
      quietly("link", "del", bridge());
    }
  }

  private void quietly(String... arguments) {
    try {
      ip(arguments);
    } catch (IOException | IllegalStateException e) {
      System.err.println("left behind: " + e.getMessage());
    }
  }
}
