package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.objective.Views;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.StreamAddress;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Pictures to decode, transform and send.
 *
 * @param data set that the pictures are of
 * @param split part of the data set
 * @param views what is made of each sample
 * @param recipe name of the recipe that views are made by; empty for pictures as evaluations see
 *     them
 * @param imageSize height and width
 * @param seed keys the views' randomness
 * @param to receiving address
 * @param fence run and term of the asker
 * @param step step, or the asker's job
 * @param index micro-batch within the step, or block within the job
 * @param items the samples
 * @param reportTo hears of pictures that cannot be decoded, and of a failure of the task
 */
public record ViewTask(
    DataSet data,
    Split split,
    Views views,
    String recipe,
    int imageSize,
    long seed,
    StreamAddress to,
    Fence fence,
    long step,
    int index,
    List<Item> items,
    ActorRef<TrainerCommand.ViewReport> reportTo)
    implements WireMessage {

  /** Part of a data set. */
  public enum Split {
    TRAIN,
    TEST
  }

  /**
   * One sample of a task.
   *
   * @param place where it belongs in the micro-batch
   * @param epoch epoch that its randomness is drawn for
   * @param sample index into the data set
   */
  public record Item(int place, int epoch, int sample) implements WireMessage {}

  /** The same task for {@code count} samples from {@code first} on, or as many as there are. */
  public ViewTask part(int first, int count) {
    int end = Math.min(items.size(), first + count);
    return new ViewTask(
        data,
        split,
        views,
        recipe,
        imageSize,
        seed,
        to,
        fence,
        step,
        index,
        List.copyOf(items.subList(first, end)),
        reportTo);
  }

  /** Bytes of what is sent for one sample. */
  public long itemBytes() {
    return views.bytes(imageSize);
  }

  /** The task's name. */
  public TrainerCommand.TaskId id() {
    return new TrainerCommand.TaskId(step, index, items.getFirst().place());
  }
}
