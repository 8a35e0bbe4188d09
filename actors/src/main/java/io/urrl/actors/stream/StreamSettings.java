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

  /** An embedded media driver on the loopback interface. */
  public static StreamSettings loopback() {
    return new StreamSettings("", Mode.AUTO, "127.0.0.1", 65_504, 1 << 22, Duration.ofSeconds(20));
  }
}
