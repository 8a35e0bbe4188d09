package io.urrl.augment.worker;

import io.urrl.actors.fault.BitFlips;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.ChunkSource;
import io.urrl.actors.stream.DataPlane;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.Transfer;
import io.urrl.actors.tensor.TensorDigest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A view task under way: one item after the other is made and goes to the asker. What the asker
 * does not take stays here, in memory of its own, and goes later. For the worker's thread.
 */
final class Sending {

  /** Off-heap memory for one item. */
  record Room(MemorySegment bytes, ChunkSource source) {
    static Room of(long bytes) {
      MemorySegment memory = Arena.ofAuto().allocate(bytes, 64);
      return new Room(memory, ChunkSource.of(memory));
    }
  }

  private final ViewTask task;
  private final ViewSource views;
  private final DataPlane streams;
  private final Room room;
  private final TensorDigest digest = new TensorDigest();
  private int item;
  private Transfer transfer;

  /**
   * @param room at least {@link ViewTask#itemBytes} bytes
   */
  Sending(ViewTask task, ViewSource views, DataPlane streams, Room room) {
    this.task = task;
    this.views = views;
    this.streams = streams;
    this.room = room;
    views.prepare(task);
  }

  ViewTask task() {
    return task;
  }

  Room room() {
    return room;
  }

  boolean isOver() {
    return item == task.items().size();
  }

  /**
   * Makes and sends what the asker takes now.
   *
   * @return whether anything went
   */
  boolean advance() {
    boolean moved = false;
    while (!isOver()) {
      if (transfer == null) {
        transfer = make(task.items().get(item));
      }
      moved |= transfer.advance();
      if (!transfer.isDone()) {
        return moved;
      }
      transfer = null;
      item++;
    }
    return moved;
  }

  private Transfer make(ViewTask.Item one) {
    long total = task.itemBytes();
    MemorySegment bytes = room.bytes().asSlice(0, total);
    int used = views.make(task, one, bytes, task.reportTo()::tell);
    digest.reset();
    digest.add(bytes);
    Provenance provenance = new Provenance(digest.value(), 0, used);
    BitFlips.at(BitFlips.Stage.VIEWS, task.step(), bytes);
    ChunkId id =
        new ChunkId.Views(
            task.fence(), task.step(), task.index(), one.place(), one.epoch(), one.sample());
    return new Transfer(
        streams.writerTo(task.to()),
        List.of(new Transfer.Part(id, provenance, room.source(), total)));
  }
}
