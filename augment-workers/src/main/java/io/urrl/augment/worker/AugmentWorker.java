package io.urrl.augment.worker;

import io.urrl.actors.fault.BitFlips;
import io.urrl.actors.protocol.TrainerCommand.PictureBroken;
import io.urrl.actors.protocol.TrainerCommand.ViewsFailed;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.run.ServiceKeys;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.ChunkKind;
import io.urrl.actors.stream.ChunkSource;
import io.urrl.actors.stream.ChunkWriter;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.StreamException;
import io.urrl.actors.stream.Streams;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.augment.data.BrokenPictures;
import io.urrl.augment.data.DataException;
import io.urrl.augment.data.OpenSets;
import io.urrl.augment.data.PictureSet;
import io.urrl.augment.data.RecordedViews;
import io.urrl.augment.data.Split;
import io.urrl.augment.image.Picture;
import io.urrl.augment.transform.ViewMaker;
import io.urrl.augment.transform.ViewRecipe;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.delivery.ConsumerController;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Makes views. It pulls tasks through reliable delivery: a task is confirmed when its last chunk is
 * in the stream's log, and goes to another worker when this one dies before that.
 *
 * <p>It runs on a pinned dispatcher, since decoding and transforming occupy a core.
 */
public final class AugmentWorker {

  /** A task to do. */
  public record Deliver(ConsumerController.Delivery<ViewTask> delivery) {}

  private record MakerKey(String recipe, int imageSize, long seed) {}

  private final ActorContext<Deliver> context;
  private final Streams streams;
  private final OpenSets sets;
  private final Map<String, RecordedViews> recorded = new HashMap<>();
  private final Map<MakerKey, ViewMaker> makers = new HashMap<>();
  private final Picture picture = new Picture();
  private final TensorDigest digest = new TensorDigest();
  private MemorySegment scratch = MemorySegment.NULL;

  private AugmentWorker(ActorContext<Deliver> context, Streams streams, OpenSets sets) {
    this.context = context;
    this.streams = streams;
    this.sets = sets;
  }

  /**
   * @param sets the node's data sets
   * @param window tasks that the worker asks for at a time
   */
  public static Behavior<Deliver> create(Streams streams, OpenSets sets, int window) {
    return Behaviors.setup(
        context -> {
          AugmentWorker worker = new AugmentWorker(context, streams, sets);
          ActorRef<ConsumerController.Command<ViewTask>> consumer =
              context.spawn(
                  ConsumerController.create(
                      ServiceKeys.AUGMENT_WORKERS,
                      ConsumerController.Settings$.MODULE$
                          .create(context.getSystem())
                          .withFlowControlWindow(window)),
                  "consumer");
          consumer.tell(
              new ConsumerController.Start<>(
                  context.messageAdapter(ConsumerController.deliveryClass(), Deliver::new)));
          // Without its consumer the worker would get no task: it ends too, and is replaced.
          context.watch(consumer);
          return Behaviors.receive(Deliver.class).onMessage(Deliver.class, worker::on).build();
        });
  }

  private Behavior<Deliver> on(Deliver deliver) {
    ViewTask task = deliver.delivery().message();
    try {
      send(task);
    } catch (StreamException e) {
      // The asker is gone or asks again after its deadline.
      context.getLog().info("views for {} not delivered: {}", task.to(), e.getMessage());
    } catch (RuntimeException | Error e) {
      // Whatever was thrown, a successor begins anew, and the task, unconfirmed, is done elsewhere.
      String text = e instanceof DataException ? e.getMessage() : "views cannot be made: " + e;
      context.getLog().warn("{} stops: {}", context.getSelf().path().name(), text);
      context.getLog().debug("views failed", e);
      task.reportTo().tell(new ViewsFailed(task.id(), text));
      return Behaviors.stopped();
    }
    deliver.delivery().confirmTo().tell(ConsumerController.confirmed());
    return Behaviors.same();
  }

  private void send(ViewTask task) {
    boolean pair = !task.recipe().isEmpty();
    long viewBytes = 3L * task.imageSize() * task.imageSize();
    long total = pair ? 2 * viewBytes : viewBytes;
    if (scratch.byteSize() < total) {
      scratch = Arena.ofAuto().allocate(total, 64);
    }
    ChunkWriter writer = streams.writerTo(task.to());
    ChunkSource source = ChunkSource.of(scratch);
    Filler filler = filler(task, pair);
    for (ViewTask.Item item : task.items()) {
      Filled filled =
          filler.fill(item, scratch.asSlice(0, viewBytes), scratch.asSlice(total - viewBytes));
      MemorySegment bytes = scratch.asSlice(0, total);
      digest.reset();
      digest.add(bytes);
      Provenance provenance = new Provenance(digest.value(), 0, filled.used());
      BitFlips.at(BitFlips.Stage.VIEWS, task.step(), bytes);
      writer.send(
          new ChunkId(
              ChunkKind.VIEWS,
              task.term(),
              task.step(),
              task.index(),
              item.place(),
              filled.tag(),
              item.sample()),
          provenance,
          source,
          0,
          total,
          total);
    }
  }

  /**
   * What was made for an item.
   *
   * @param tag its epoch, or its label for an evaluation picture
   * @param used the sample whose picture was read
   */
  private record Filled(int tag, int used) {}

  /** Makes what one item asks for. */
  private interface Filler {
    Filled fill(ViewTask.Item item, MemorySegment query, MemorySegment key);
  }

  private Filler filler(ViewTask task, boolean pair) {
    if (task.source().startsWith(RecordedViews.PREFIX)) {
      RecordedViews views = recorded.computeIfAbsent(task.source(), RecordedViews::open);
      return (item, query, key) -> {
        views.copy(item.sample(), query, key);
        return new Filled(item.epoch(), item.sample());
      };
    }
    PictureSet set = sets.get(task.source(), Split.valueOf(task.split().name()));
    ViewMaker maker =
        makers.computeIfAbsent(
            new MakerKey(task.recipe(), task.imageSize(), task.seed()),
            key ->
                new ViewMaker(
                    ViewRecipe.named(pair ? key.recipe() : "moco-v2", key.imageSize()),
                    key.imageSize(),
                    key.seed()));
    task.items().forEach(item -> set.willRead(item.sample()));
    BrokenPictures reader = new BrokenPictures(set);
    return (item, query, key) -> {
      int used =
          reader.readOrSubstitute(
              item.sample(),
              picture,
              broken ->
                  task.reportTo()
                      .tell(new PictureBroken(broken.sample(), broken.name(), broken.reason())));
      if (pair) {
        maker.views(picture, item.epoch(), item.sample(), query, key);
        return new Filled(item.epoch(), used);
      }
      maker.evaluation(picture, query);
      return new Filled(set.label(used), used);
    };
  }
}
