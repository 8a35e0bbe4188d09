package io.urrl.augment.worker;

import io.urrl.actors.protocol.TrainerCommand.PictureBroken;
import io.urrl.actors.protocol.ViewTask;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Makes the pictures that view tasks ask for. For one thread. */
public interface ViewSource {

  /** A task's items will be asked for soon. */
  void prepare(ViewTask task);

  /**
   * Makes what one item asks for, always the same bytes.
   *
   * @param bytes takes {@link ViewTask#itemBytes} bytes: the parts of the task's {@link
   *     io.urrl.actors.objective.Views}, one after the other
   * @param broken hears of pictures that were passed over
   * @return the sample whose picture was read
   * @throws RuntimeException when it cannot be made
   */
  int make(ViewTask task, ViewTask.Item item, MemorySegment bytes, Consumer<PictureBroken> broken);
}
