package io.urrl.actors.run;

import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.SupplyCommand.Fetch;
import io.urrl.actors.protocol.TrainerCommand.TaskId;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.StreamAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.delivery.WorkPullingProducerController;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Hands view tasks to whichever augment worker asks for one.
 *
 * <p>Askers bound what waits here: each holds a limited number of leases. They ask again, at every
 * tick of theirs, for what has not come. A task that waits is not queued twice; one that was handed
 * out is handed out again only after a while, which doubles each time: its worker may be at it, or
 * the views were lost on their way. A task that an augment worker took and did not confirm goes to
 * another when that worker is gone. What a gone asker waited for is dropped.
 */
public final class ViewSupply {
  /** How long views may take before they are made again, for the first time. */
  static final Duration FIRST_REDO = Duration.ofSeconds(3);

  /** Stops, for a successor on another node; whoever waits for views asks again. */
  public record HandOver() implements SupplyCommand.Internal {}

  private record Demand(WorkPullingProducerController.RequestNext<ViewTask> next)
      implements SupplyCommand.Internal {}

  /** A part of a task towards its asker. */
  private record Key(StreamAddress to, Fence fence, TaskId id) {}

  private static final class Handed {
    private long at;
    private int times;
  }

  private final ActorContext<SupplyCommand> context;
  private final int samplesPerTask;
  private final Duration longestRedo;
  private final LongSupplier millis;
  private final Map<Key, ViewTask> waiting = new LinkedHashMap<>();

  /** What was handed out; an entry is of use as long as its asker may ask again. */
  private final Map<Key, Handed> handed = new LinkedHashMap<>();

  private final Map<ActorRef<?>, Set<StreamAddress>> askers = new LinkedHashMap<>();
  private WorkPullingProducerController.RequestNext<ViewTask> demand;

  private ViewSupply(
      ActorContext<SupplyCommand> context,
      int samplesPerTask,
      Duration longestRedo,
      LongSupplier millis) {
    this.context = context;
    this.samplesPerTask = samplesPerTask;
    this.longestRedo = longestRedo;
    this.millis = millis;
  }

  /**
   * A supply that hands out tasks through Pekko's work pulling.
   *
   * @param samplesPerTask samples that an augment worker takes at a time: small enough to spread a
   *     micro-batch over all workers, large enough that messages do not matter
   * @param longestRedo after which views that have not come are made again, at the latest
   * @param millis a clock in milliseconds of any origin
   */
  public static Behavior<SupplyCommand> create(
      int samplesPerTask, Duration longestRedo, LongSupplier millis) {
    return Behaviors.setup(
        context ->
            create(
                samplesPerTask,
                longestRedo,
                millis,
                WorkPullingProducerController.create(
                    ViewTask.class,
                    // A name of its own: to workers, a successor is another producer.
                    "view-supply-" + UUID.randomUUID(),
                    ServiceKeys.AUGMENT_WORKERS,
                    Optional.empty())));
  }

  /**
   * A supply that hands out tasks through a channel.
   *
   * @param channel is started as the supply's child and told where demand goes
   */
  public static Behavior<SupplyCommand> create(
      int samplesPerTask,
      Duration longestRedo,
      LongSupplier millis,
      Behavior<WorkPullingProducerController.Command<ViewTask>> channel) {
    return Behaviors.setup(
        context -> {
          context
              .spawn(channel, "work-pulling")
              .tell(
                  new WorkPullingProducerController.Start<>(
                      context.messageAdapter(
                          WorkPullingProducerController.requestNextClass(), Demand::new)));
          ViewSupply supply = new ViewSupply(context, samplesPerTask, longestRedo, millis);
          return Behaviors.receive(SupplyCommand.class)
              .onAnyMessage(supply::on)
              .onSignal(Terminated.class, supply::onTerminated)
              .build();
        });
  }

  private Behavior<SupplyCommand> on(SupplyCommand command) {
    switch (command) {
      case Fetch fetch -> onFetch(fetch);
      case Demand more -> demand = more.next();
      case HandOver end -> {
        return Behaviors.stopped();
      }
      case SupplyCommand.Internal internal ->
          throw new IllegalStateException("not an event of the view supply: " + internal);
    }
    handOut();
    return Behaviors.same();
  }

  private void onFetch(Fetch fetch) {
    ViewTask task = fetch.task();
    Set<StreamAddress> addresses = askers.get(fetch.asker());
    if (addresses == null) {
      context.watch(fetch.asker());
      addresses = new HashSet<>();
      askers.put(fetch.asker(), addresses);
    }
    addresses.add(task.to());
    long now = millis.getAsLong();
    forget(now);
    // Parts are cut by place, so that a part that is asked for again has the same name.
    int first = 0;
    while (first < task.items().size()) {
      int block = task.items().get(first).place() / samplesPerTask;
      int end = first + 1;
      while (end < task.items().size() && task.items().get(end).place() / samplesPerTask == block) {
        end++;
      }
      want(task.part(first, end - first), block, now);
      first = end;
    }
  }

  private void want(ViewTask part, int block, long now) {
    Key key =
        new Key(
            part.to(), part.fence(), new TaskId(part.step(), part.index(), block * samplesPerTask));
    Handed before = handed.get(key);
    if (before == null || now - before.at >= redoAfter(before.times)) {
      waiting.put(key, part);
    }
  }

  private long redoAfter(int times) {
    return Math.min(longestRedo.toMillis(), FIRST_REDO.toMillis() << Math.min(times - 1, 10));
  }

  /** Whoever still misses what was handed out so long ago would have asked since. */
  private void forget(long now) {
    Iterator<Handed> oldest = handed.values().iterator();
    while (oldest.hasNext() && now - oldest.next().at > 2 * longestRedo.toMillis()) {
      oldest.remove();
    }
  }

  private void handOut() {
    if (demand == null || waiting.isEmpty()) {
      return;
    }
    Map.Entry<Key, ViewTask> next = waiting.entrySet().iterator().next();
    waiting.remove(next.getKey());
    Handed entry = handed.remove(next.getKey());
    if (entry == null) {
      entry = new Handed();
    }
    entry.at = millis.getAsLong();
    entry.times++;
    handed.put(next.getKey(), entry);
    demand.sendNextTo().tell(next.getValue());
    demand = null;
  }

  private Behavior<SupplyCommand> onTerminated(Terminated terminated) {
    Set<StreamAddress> addresses = askers.remove(terminated.getRef());
    if (addresses != null) {
      waiting.keySet().removeIf(key -> addresses.contains(key.to()));
      handed.keySet().removeIf(key -> addresses.contains(key.to()));
    }
    return Behaviors.same();
  }
}
