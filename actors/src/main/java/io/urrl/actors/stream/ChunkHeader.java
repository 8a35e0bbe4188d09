package io.urrl.actors.stream;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Header of a chunk, as a flyweight over the buffer that holds it. Little endian.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+
 *  0|                             Magic                             |
 *   +-------------------------------+-------------------------------+
 *  4|            Version            |             Kind              |
 *   +-------------------------------+-------------------------------+
 *  8|                             CRC32C                            |
 *   +---------------------------------------------------------------+
 * 12|                             Length                            |
 *   +---------------------------------------------------------------+
 * 16|                             Run id                            |
 *   |                                                               |
 *   +---------------------------------------------------------------+
 * 24|                              Step                             |
 *   |                                                               |
 *   +---------------------------------------------------------------+
 * 32|                             Offset                            |
 *   |                                                               |
 *   +---------------------------------------------------------------+
 * 40|                             Total                             |
 *   |                                                               |
 *   +---------------------------------------------------------------+
 * 48|                              Term                             |
 *   +---------------------------------------------------------------+
 * 52|                             Index                             |
 *   +---------------------------------------------------------------+
 * 56|                             Place                             |
 *   +---------------------------------------------------------------+
 * 60|                             Epoch                             |
 *   +---------------------------------------------------------------+
 * 64|                             Sample                            |
 *   +---------------------------------------------------------------+
 * 68|                            Detail                             |
 *   +---------------------------------------------------------------+
 * 72|                            Digest                             |
 *   |                                                               |
 *   +---------------------------------------------------------------+
 * 80|                            Basis                              |
 *   |                                                               |
 *   +---------------------------------------------------------------+
 * 88|                            Payload                           ...
 * </pre>
 */
public final class ChunkHeader {
  /** Bytes of a header. */
  public static final int LENGTH = 88;

  /** "URRL" in the order of the bytes. */
  static final int MAGIC = 0x4C525255;

  /** Version of this layout. */
  static final short VERSION = 2;

  /** Where the magic number lies. */
  static final int MAGIC_OFFSET = 0;

  /** Where the version of the layout lies. */
  static final int VERSION_OFFSET = 4;

  /** Where the kind's code lies. */
  static final int KIND_OFFSET = 6;

  /** Where the checksum of all bytes behind it lies. */
  static final int CRC_OFFSET = 8;

  /** Where the checksum begins to count. */
  static final int CRC_FROM = 12;

  /** Where the length of the payload lies. */
  static final int LENGTH_OFFSET = 12;

  /** Where the identity of the run lies. */
  static final int RUN_OFFSET = 16;

  private static final int STEP_OFFSET = 24;
  private static final int OFFSET_OFFSET = 32;
  private static final int TOTAL_OFFSET = 40;
  private static final int TERM_OFFSET = 48;
  private static final int INDEX_OFFSET = 52;
  private static final int PLACE_OFFSET = 56;
  private static final int EPOCH_OFFSET = 60;
  private static final int SAMPLE_OFFSET = 64;
  private static final int DETAIL_OFFSET = 68;
  private static final int DIGEST_OFFSET = 72;
  private static final int BASIS_OFFSET = 80;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private DirectBuffer buffer;
  private int at;

  /** Reads the header at {@code at} from now on. */
  public ChunkHeader wrap(DirectBuffer buffer, int at) {
    this.buffer = buffer;
    this.at = at;
    return this;
  }

  /** Writes a header but for its checksum. */
  public static void encode(
      MutableDirectBuffer buffer,
      int at,
      long runId,
      ChunkId id,
      Provenance provenance,
      long offset,
      long total,
      int length) {
    buffer.putInt(at + MAGIC_OFFSET, MAGIC, ORDER);
    buffer.putShort(at + VERSION_OFFSET, VERSION, ORDER);
    buffer.putShort(at + KIND_OFFSET, id.kind().code(), ORDER);
    buffer.putInt(at + LENGTH_OFFSET, length, ORDER);
    buffer.putLong(at + RUN_OFFSET, runId, ORDER);
    buffer.putLong(at + STEP_OFFSET, id.step(), ORDER);
    buffer.putLong(at + OFFSET_OFFSET, offset, ORDER);
    buffer.putLong(at + TOTAL_OFFSET, total, ORDER);
    buffer.putInt(at + TERM_OFFSET, id.term(), ORDER);
    buffer.putInt(at + INDEX_OFFSET, id.index(), ORDER);
    buffer.putInt(at + PLACE_OFFSET, id.place(), ORDER);
    buffer.putInt(at + EPOCH_OFFSET, id.epoch(), ORDER);
    buffer.putInt(at + SAMPLE_OFFSET, id.sample(), ORDER);
    buffer.putInt(at + DETAIL_OFFSET, provenance.detail(), ORDER);
    buffer.putLong(at + DIGEST_OFFSET, provenance.digest(), ORDER);
    buffer.putLong(at + BASIS_OFFSET, provenance.basis(), ORDER);
  }

  static void encodeCrc(MutableDirectBuffer buffer, int at, int crc) {
    buffer.putInt(at + CRC_OFFSET, crc, ORDER);
  }

  int magic() {
    return buffer.getInt(at + MAGIC_OFFSET, ORDER);
  }

  short version() {
    return buffer.getShort(at + VERSION_OFFSET, ORDER);
  }

  int crc() {
    return buffer.getInt(at + CRC_OFFSET, ORDER);
  }

  long runId() {
    return buffer.getLong(at + RUN_OFFSET, ORDER);
  }

  /** What the tensor is; null for a code that this version does not know. */
  public ChunkKind kind() {
    return ChunkKind.of(buffer.getShort(at + KIND_OFFSET, ORDER));
  }

  /** Bytes of the payload. */
  public int length() {
    return buffer.getInt(at + LENGTH_OFFSET, ORDER);
  }

  /** Optimiser step, version or job. */
  public long step() {
    return buffer.getLong(at + STEP_OFFSET, ORDER);
  }

  /** Where in the tensor the payload begins, in bytes. */
  public long offset() {
    return buffer.getLong(at + OFFSET_OFFSET, ORDER);
  }

  /** Bytes of the whole tensor. */
  public long total() {
    return buffer.getLong(at + TOTAL_OFFSET, ORDER);
  }

  /** Fencing number of the sender's term. */
  public int term() {
    return buffer.getInt(at + TERM_OFFSET, ORDER);
  }

  /** See {@link ChunkId#index}. */
  public int index() {
    return buffer.getInt(at + INDEX_OFFSET, ORDER);
  }

  /** See {@link ChunkId#place}. */
  public int place() {
    return buffer.getInt(at + PLACE_OFFSET, ORDER);
  }

  /** See {@link ChunkId#epoch}. */
  public int epoch() {
    return buffer.getInt(at + EPOCH_OFFSET, ORDER);
  }

  /** See {@link ChunkId#sample}. */
  public int sample() {
    return buffer.getInt(at + SAMPLE_OFFSET, ORDER);
  }

  /** See {@link Provenance#detail}. */
  public int detail() {
    return buffer.getInt(at + DETAIL_OFFSET, ORDER);
  }

  /** See {@link Provenance#digest}. */
  public long digest() {
    return buffer.getLong(at + DIGEST_OFFSET, ORDER);
  }

  /** See {@link Provenance#basis}. */
  public long basis() {
    return buffer.getLong(at + BASIS_OFFSET, ORDER);
  }
}
