package io.urrl.launch.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds ports that nobody listens at. They lie below those that the system gives to outgoing
 * connections, so that a node that is started again finds its port free.
 */
final class Ports {
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;

  /**
   * Free ports.
   *
   * @param host whose address is to be bound
   * @param key clusters with other keys look elsewhere first
   * @param taken ports that are kept for nodes that may not be there at present
   */
  static List<Integer> free(String host, String key, Set<Integer> taken, int count)
      throws IOException {
    List<Integer> free = new ArrayList<>();
    InetAddress address = InetAddress.getByName(host);
    int start = Math.floorMod(key.hashCode() * 31, COUNT);
    for (int i = 0; i < COUNT && free.size() < count; i++) {
      int port = FIRST + (start + i) % COUNT;
      if (!taken.contains(port) && isFree(address, port)) {
        free.add(port);
      }
    }
    if (free.size() < count) {
      throw new IOException(
          "%d free ports are needed at %s and from %d to %d there are %d; end what uses them"
              .formatted(count, host, FIRST, FIRST + COUNT - 1, free.size()));
    }
    return free;
  }

  /** Whether a port can be bound now. */
  static boolean isFree(String host, int port) throws IOException {
    return isFree(InetAddress.getByName(host), port);
  }

  private static boolean isFree(InetAddress address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Ports() {}
}
