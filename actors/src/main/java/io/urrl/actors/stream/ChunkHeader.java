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
 * 24|          Step (views, results), version (state)               |
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
 * 52|          Index (views, results), 1 for all (state)            |
 *   +---------------------------------------------------------------+
 * 56|     Place (views), attempt (results), position (state)        |
 *   +---------------------------------------------------------------+
 * 60|          Epoch (views), part (results, state)                 |
 *   +---------------------------------------------------------------+
 * 64|                        Sample (views)                         |
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
  static final short VERSION = 3;

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

  private final ViewsId views = new ViewsId();
  private final ResultId result = new ResultId();
  private final StateId state = new StateId();
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
      ChunkId id,
      Provenance provenance,
      long offset,
      long total,
      int length) {
    buffer.putInt(at + MAGIC_OFFSET, MAGIC, ORDER);
    buffer.putShort(at + VERSION_OFFSET, VERSION, ORDER);
    buffer.putInt(at + LENGTH_OFFSET, length, ORDER);
    buffer.putLong(at + RUN_OFFSET, id.fence().run(), ORDER);
    buffer.putLong(at + OFFSET_OFFSET, offset, ORDER);
    buffer.putLong(at + TOTAL_OFFSET, total, ORDER);
    buffer.putInt(at + TERM_OFFSET, id.fence().term(), ORDER);
    buffer.putInt(at + DETAIL_OFFSET, provenance.detail(), ORDER);
    buffer.putLong(at + DIGEST_OFFSET, provenance.digest(), ORDER);
    buffer.putLong(at + BASIS_OFFSET, provenance.basis(), ORDER);
    switch (id) {
      case ChunkId.Views views -> {
        encodeId(buffer, at, ChunkKind.VIEWS, views.step(), views.index(), views.place());
        buffer.putInt(at + EPOCH_OFFSET, views.epoch(), ORDER);
        buffer.putInt(at + SAMPLE_OFFSET, views.sample(), ORDER);
      }
      case ChunkId.Result result -> {
        encodeId(buffer, at, ChunkKind.RESULT, result.step(), result.index(), result.attempt());
        buffer.putInt(at + EPOCH_OFFSET, result.part(), ORDER);
        buffer.putInt(at + SAMPLE_OFFSET, 0, ORDER);
      }
      case ChunkId.State state -> {
        int whole = state.whole() ? 1 : 0;
        encodeId(buffer, at, ChunkKind.STATE, state.version(), whole, state.position());
        buffer.putInt(at + EPOCH_OFFSET, state.part(), ORDER);
        buffer.putInt(at + SAMPLE_OFFSET, 0, ORDER);
      }
    }
  }

  private static void encodeId(
      MutableDirectBuffer buffer, int at, ChunkKind kind, long step, int index, int place) {
    buffer.putShort(at + KIND_OFFSET, kind.code(), ORDER);
    buffer.putLong(at + STEP_OFFSET, step, ORDER);
    buffer.putInt(at + INDEX_OFFSET, index, ORDER);
    buffer.putInt(at + PLACE_OFFSET, place, ORDER);
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

  /** Identity of the run that the chunk belongs to. */
  public long run() {
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

  /** The identity of a chunk of {@link ChunkKind#VIEWS}. */
  public ViewsId views() {
    return views;
  }

  /** The identity of a chunk of {@link ChunkKind#RESULT}. */
  public ResultId result() {
    return result;
  }

  /** The identity of a chunk of {@link ChunkKind#STATE}. */
  public StateId state() {
    return state;
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

  private long longAt(int field) {
    return buffer.getLong(at + field, ORDER);
  }

  private int intAt(int field) {
    return buffer.getInt(at + field, ORDER);
  }

  /** See {@link ChunkId.Views}; valid as long as its header is. */
  public final class ViewsId {
    private ViewsId() {}

    /** Optimiser step, or pass over an evaluation's data. */
    public long step() {
      return longAt(STEP_OFFSET);
    }

    /** Micro-batch within the step, or block within the pass. */
    public int index() {
      return intAt(INDEX_OFFSET);
    }

    /** Sample within that. */
    public int place() {
      return intAt(PLACE_OFFSET);
    }

    /** Epoch that its randomness was drawn for. */
    public int epoch() {
      return intAt(EPOCH_OFFSET);
    }

    /** Index into its data set. */
    public int sample() {
      return intAt(SAMPLE_OFFSET);
    }
  }

  /** See {@link ChunkId.Result}; valid as long as its header is. */
  public final class ResultId {
    private ResultId() {}

    /** Optimiser step. */
    public long step() {
      return longAt(STEP_OFFSET);
    }

    /** Micro-batch within the step. */
    public int index() {
      return intAt(INDEX_OFFSET);
    }

    /** Number of the lease under which it was computed. */
    public int attempt() {
      return intAt(PLACE_OFFSET);
    }

    /** Which part of the result. */
    public int part() {
      return intAt(EPOCH_OFFSET);
    }
  }

  /** See {@link ChunkId.State}; valid as long as its header is. */
  public final class StateId {
    private StateId() {}

    /** Optimiser steps applied. */
    public long version() {
      return longAt(STEP_OFFSET);
    }

    /** Whether all of the state comes, and not what changed with the last step. */
    public boolean whole() {
      return intAt(INDEX_OFFSET) == 1;
    }

    /** Which part of the state. */
    public int part() {
      return intAt(EPOCH_OFFSET);
    }

    /** Where a ring goes on. */
    public int position() {
      return intAt(PLACE_OFFSET);
    }
  }
}
