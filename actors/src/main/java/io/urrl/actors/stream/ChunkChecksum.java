package io.urrl.actors.stream;

import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/**
 * CRC32C over chunks in Aeron's logs without allocation: each log buffer that a thread meets is
 * duplicated once, so that threads do not share positions. For one thread.
 */
final class ChunkChecksum {
  /** Beyond this many logs most belong to connections that are closed. */
  private static final int MOST_WINDOWS = 256;

  private final CRC32C crc = new CRC32C();
  private final IdentityHashMap<ByteBuffer, ByteBuffer> windows = new IdentityHashMap<>();

  /** Checksum of all bytes of a chunk behind the checksum itself. */
  int of(DirectBuffer buffer, int at, int payload) {
    ByteBuffer log = buffer.byteBuffer();
    ByteBuffer window = windows.get(log);
    if (window == null) {
      if (windows.size() == MOST_WINDOWS) {
        windows.clear();
      }
      window = log.duplicate();
      windows.put(log, window);
    }
    int from = buffer.wrapAdjustment() + at + ChunkHeader.CRC_FROM;
    int to = buffer.wrapAdjustment() + at + ChunkHeader.LENGTH + payload;
    crc.reset();
    crc.update(window.limit(to).position(from));
    return (int) crc.getValue();
  }
}
