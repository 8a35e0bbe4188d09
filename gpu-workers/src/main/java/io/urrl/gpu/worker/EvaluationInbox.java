package io.urrl.gpu.worker;

import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.ChunkKind;
import io.urrl.actors.stream.StreamCounters;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.agrona.DirectBuffer;

/**
 * What has come in for an evaluation worker and is not whole yet: blocks of pictures, and the live
 * encoder of a run. Every method runs on the node's receive thread.
 */
final class EvaluationInbox implements ChunkHandler {

  /** Room for an encoder on its way from the shard. */
  static final class EncoderRoom {
    private final MemorySegment parameters;
    private final MemorySegment statistics;
    private long parameterBytes;
    private long statisticBytes;

    EncoderRoom(MemorySegment parameters, MemorySegment statistics) {
      this.parameters = parameters;
      this.statistics = statistics;
    }

    MemorySegment parameters() {
      return parameters;
    }

    MemorySegment statistics() {
      return statistics;
    }

    private boolean accept(ChunkKind kind, long offset, MemorySegment bytes) {
      boolean ofParameters = kind == ChunkKind.PARAMETERS;
      MemorySegment room = ofParameters ? parameters : statistics;
      long received = ofParameters ? parameterBytes : statisticBytes;
      boolean next = offset == received && offset + bytes.byteSize() <= room.byteSize();
      if (next) {
        room.asSlice(offset, bytes.byteSize()).copyFrom(bytes);
        if (ofParameters) {
          parameterBytes += bytes.byteSize();
        } else {
          statisticBytes += bytes.byteSize();
        }
      }
      return next;
    }

    private boolean complete() {
      return parameterBytes == parameters.byteSize() && statisticBytes == statistics.byteSize();
    }
  }

  private final StreamCounters counters;
  private final BiConsumer<Long, PictureBlock> blockComplete;
  private final BiConsumer<Long, EncoderRoom> encoderComplete;
  private final List<PictureBlock> open = new ArrayList<>();
  private EncoderRoom encoder;
  private long pass = -1;

  EvaluationInbox(
      StreamCounters counters,
      BiConsumer<Long, PictureBlock> blockComplete,
      BiConsumer<Long, EncoderRoom> encoderComplete) {
    this.counters = counters;
    this.blockComplete = blockComplete;
    this.encoderComplete = encoderComplete;
  }

  /** Forgets everything of earlier passes over a data set. */
  void begin(long pass) {
    this.pass = pass;
    open.clear();
    encoder = null;
  }

  void expect(PictureBlock block) {
    open.add(block);
  }

  void expect(EncoderRoom room) {
    encoder = room;
  }

  @Override
  public void onChunk(ChunkHeader header, DirectBuffer buffer, int payload) {
    if (header.step() != pass) {
      counters.stale();
      return;
    }
    MemorySegment bytes =
        MemorySegment.ofAddress(buffer.addressOffset() + payload).reinterpret(header.length());
    boolean wanted =
        switch (header.kind()) {
          case VIEWS -> onPicture(header, bytes);
          case PARAMETERS, STATISTICS -> onEncoder(header, bytes);
          case GRADIENT, KEYS, KEY_PARAMETERS, QUEUE, MOMENTUM -> false;
        };
    if (!wanted) {
      counters.duplicate();
    }
  }

  private boolean onPicture(ChunkHeader header, MemorySegment bytes) {
    for (int i = 0; i < open.size(); i++) {
      PictureBlock block = open.get(i);
      if (block.index() == header.index()) {
        boolean wanted = block.accept(header.place(), header.epoch(), header.offset(), bytes);
        if (wanted && block.complete()) {
          open.remove(i);
          blockComplete.accept(pass, block);
        }
        return wanted;
      }
    }
    return false;
  }

  private boolean onEncoder(ChunkHeader header, MemorySegment bytes) {
    boolean wanted = encoder != null && encoder.accept(header.kind(), header.offset(), bytes);
    if (wanted && encoder.complete()) {
      EncoderRoom done = encoder;
      encoder = null;
      encoderComplete.accept(pass, done);
    }
    return wanted;
  }
}
