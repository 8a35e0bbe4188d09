package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.stream.StreamAddress;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Pictures to decode, transform and send.
 *
 * @param source data set: {@code shapes} or a directory
 * @param split part of the data set
 * @param recipe name of the view recipe for a pair of views; empty for one evaluation picture
 * @param imageSize height and width
 * @param seed keys the views' randomness
 * @param to receiving address
 * @param term fencing number of the asker
 * @param step step, or the asker's job
 * @param index micro-batch within the step, or block within the job
 * @param items the samples
 * @param reportTo hears of pictures that cannot be decoded, and of a failure of the task
 */
public record ViewTask(
    String source,
    Split split,
    String recipe,
    int imageSize,
    long seed,
    StreamAddress to,
    int term,
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
        source,
        split,
        recipe,
        imageSize,
        seed,
        to,
        term,
        step,
        index,
        List.copyOf(items.subList(first, end)),
        reportTo);
  }

  /** Whether a pair of views is wanted of every sample, and not one evaluation picture. */
  public boolean isPair() {
    return !recipe.isEmpty();
  }

  /** Bytes of one view or picture. */
  public long viewBytes() {
    return 3L * imageSize * imageSize;
  }

  /** Bytes of what is sent for one sample. */
  public long itemBytes() {
    return isPair() ? 2 * viewBytes() : viewBytes();
  }

  /** The task's name. */
  public TrainerCommand.TaskId id() {
    return new TrainerCommand.TaskId(step, index, items.getFirst().place());
  }
}
