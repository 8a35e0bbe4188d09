package io.urrl.actors.stream;

import java.time.Duration;

/**
 * The data plane of a node.
 *
 * @param directory of a media driver that runs already; empty to embed one
 * @param mode which way chunks go to a receiver at the same media driver
 * @param host address that UDP receivers bind
 * @param mtu largest UDP fragment, in bytes
 * @param termLength bytes of one of a connection's three log buffers, a power of two of at least
 *     256 KiB
 * @param sendTimeout how long senders keep what a receiver does not take
 */
public record StreamSettings(
    String directory, Mode mode, String host, int mtu, int termLength, Duration sendTimeout) {

  private static final int WITHIN_A_MACHINE = 65_504;

  /** What fits behind the headers of IP and UDP, as a multiple of Aeron's alignment. */
  private static final int ETHERNET = 1_440;

  /** Which way chunks go to a receiver at the same media driver. */
  public enum Mode {
    /** Through shared memory. */
    AUTO,
    /** Through UDP, as to any other node. */
    UDP
  }

  public StreamSettings {
    if (Integer.bitCount(termLength) != 1 || termLength < 1 << 18) {
      throw new IllegalArgumentException(
          "stream.term-length must be a power of two of at least 262144, not " + termLength);
    }
    if (mtu < 512 || mtu > 65_504 || mtu % 32 != 0) {
      throw new IllegalArgumentException(
          "stream.mtu must be a multiple of 32 from 512 to 65504, not " + mtu);
    }
  }

  /**
   * The largest fragment that goes to and from an address without being cut on its way: the whole
   * of what UDP takes within one machine, an Ethernet frame between machines. A datagram in pieces
   * is lost with any one of them.
   *
   * @param host that receivers bind
   */
  public static int mtu(String host) {
    return isLoopback(host) ? WITHIN_A_MACHINE : ETHERNET;
  }

  /** Whether an address is reached from its own machine alone. */
  public static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  /** An embedded media driver on the loopback interface. */
  public static StreamSettings loopback() {
    return new StreamSettings(
        "", Mode.AUTO, "127.0.0.1", WITHIN_A_MACHINE, 1 << 22, Duration.ofSeconds(20));
  }
}
