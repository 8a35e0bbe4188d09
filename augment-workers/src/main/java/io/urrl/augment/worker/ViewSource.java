package io.urrl.augment.worker;

import io.urrl.actors.protocol.TrainerCommand.PictureBroken;
import io.urrl.actors.protocol.ViewTask;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Makes the pictures that view tasks ask for. For one thread. */
public interface ViewSource {

  /**
   * What was made for an item.
   *
   * @param tag its epoch, or its label for an evaluation picture
   * @param used the sample whose picture was read
   */
  record Made(int tag, int used) {}

  /** A task's items will be asked for soon. */
  void prepare(ViewTask task);

  /**
   * Makes what one item asks for, always the same bytes.
   *
   * @param query uint8 [3, size, size]: the query's view, or the evaluation picture
   * @param key the key's view; the same memory for an evaluation picture
   * @param broken hears of pictures that were passed over
   * @throws RuntimeException when it cannot be made
   */
  Made make(
      ViewTask task,
      ViewTask.Item item,
      MemorySegment query,
      MemorySegment key,
      Consumer<PictureBroken> broken);
}
