package io.urrl.actors.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/**
 * What a follower says again and again to the sender of a broadcast: where it is. Little endian:
 * magic number, CRC32C of the rest, host and port in UTF-8; nothing for one at the sender's media
 * driver.
 */
final class FollowNote {
  /** "URRF" in the order of the bytes. */
  private static final int MAGIC = 0x46525255;

  private static final int HEAD = 8;
  private static final int MOST = 300;

  static byte[] of(String endpoint) {
    byte[] text = endpoint.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEAD + text.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .putInt(crc(text))
        .put(text)
        .array();
  }

  private static int crc(byte[] text) {
    CRC32C crc = new CRC32C();
    crc.update(text);
    return (int) crc.getValue();
  }

  /** The endpoint, if it is a note and whole. */
  static Optional<String> read(DirectBuffer buffer, int at, int length) {
    if (length < HEAD || length > HEAD + MOST || number(buffer, at) != MAGIC) {
      return Optional.empty();
    }
    byte[] text = new byte[length - HEAD];
    buffer.getBytes(at + HEAD, text);
    return number(buffer, at + Integer.BYTES) == crc(text)
        ? Optional.of(new String(text, StandardCharsets.UTF_8))
        : Optional.empty();
  }

  private static int number(DirectBuffer buffer, int at) {
    return buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
  }

  private FollowNote() {}
}
