package io.urrl.actors.stream;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Buffers of UDP sockets. What a receiver's socket cannot hold while its media driver does not run
 * is lost and sent again, so that a sender may be no further ahead than this.
 */
public final class SocketBuffers {
  /** Bytes that are asked for: at 10 Gbit/s what comes in within 3 ms. */
  public static final int WANTED = 4 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(SocketBuffers.class);

  /** What Aeron asks for by itself, and every kernel grants. */
  private static final int LEAST = 128 * 1024;

  /** Bytes of a buffer that the kernel grants here, of both the lesser, at most those wanted. */
  public static int granted() {
    try (DatagramChannel probe = DatagramChannel.open()) {
      probe.setOption(StandardSocketOptions.SO_RCVBUF, WANTED);
      probe.setOption(StandardSocketOptions.SO_SNDBUF, WANTED);
      int receive = probe.getOption(StandardSocketOptions.SO_RCVBUF);
      int send = probe.getOption(StandardSocketOptions.SO_SNDBUF);
      return Math.clamp(Math.min(receive, send), LEAST, WANTED);
    } catch (IOException e) {
      LOG.debug("no socket to look at buffers with", e);
      return LEAST;
    }
  }

  private SocketBuffers() {}
}
