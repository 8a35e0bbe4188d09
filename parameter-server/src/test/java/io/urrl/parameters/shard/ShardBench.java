package io.urrl.parameters.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.Standing;
import io.urrl.actors.stream.BroadcastAddress;
import io.urrl.actors.stream.HandPlane;
import io.urrl.actors.stream.HandPlane.Tensor;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.parameters.Share;
import io.urrl.parameters.checkpoint.CheckpointStore;
import io.urrl.parameters.shard.Micro.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;

/**
 * A parameter shard on the test's thread, with a trainer, workers and a disk that the test plays.
 */
final class ShardBench {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HandPlane plane = new HandPlane("shard");
  private final TestInbox<TrainerCommand> trainer = TestInbox.create("trainer");
  private final Queue<Runnable> disk = new ArrayDeque<>();
  private final Queue<ShardCommand> mailbox = new ArrayDeque<>();
  private final Terms terms;
  private final BehaviorTestKit<ShardCommand> kit;
  private ShardState state;
  private Share share = Share.WHOLE;
  private long millis = 1_000_000;

  /**
   * @param folder of the run
   */
  ShardBench(Path folder) throws IOException {
    terms = Terms.of(folder);
    CheckpointStore store = CheckpointStore.open(folder, 3);
    ShardState.Facts facts =
        new ShardState.Facts(Micro.LAYOUT, 0.9, 1e-4, 1, "toy", "urrl test", Map.of());
    ParameterShard.Means means =
        new ParameterShard.Means(
            plane,
            Micro.BRIEF.runId(),
            origin -> {
              state =
                  ShardState.open(
                      facts,
                      origin,
                      store,
                      fresh -> {
                        fresh.parameters().copyFrom(Micro.floats(Micro.GRADIENT_BYTES, 1));
                        fresh.companions().forEach(companion -> companion.initialise(1));
                      },
                      damage -> {});
              return state;
            },
            terms,
            disk::add,
            PATIENCE,
            () -> millis);
    kit = BehaviorTestKit.create(ParameterShard.create(means), "parameter-shard");
  }

  /** A worker that follows the shard's versions. */
  final class Subscriber {
    private final TestInbox<GpuWorkerCommand> inbox = TestInbox.create("worker");
    private final StreamAddress address;

    Subscriber(int number) {
      address = new StreamAddress("there", "worker", number);
    }

    StreamAddress address() {
      return address;
    }

    TestInbox<GpuWorkerCommand> inbox() {
      return inbox;
    }

    /** The broadcast has not come to it. */
    void subscribe(int term, long version) {
      subscribe(term, version, false);
    }

    void subscribe(int term, long version, boolean follows) {
      tell(new ShardCommand.Subscribe(term, inbox.getRef(), address, version, follows));
    }

    List<Tensor> taken() {
      return plane.taken(address);
    }

    /** Where the worker was told that it can follow what changes. */
    BroadcastAddress told() {
      return ((GpuWorkerCommand.Subscribed) inbox.getAllReceived().getLast()).changes();
    }

    void room(int chunks) {
      plane.room(address, chunks);
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // the type is one of Scala's
    void die() {
      kit.signal(new Terminated((ActorRef) inbox.getRef()));
      settle();
    }
  }

  /** What was broadcast since this was asked before. */
  List<Tensor> broadcast(BroadcastAddress address) {
    return plane.taken(HandPlane.broadcastOf(address));
  }

  HandPlane plane() {
    return plane;
  }

  TestInbox<TrainerCommand> trainer() {
    return trainer;
  }

  ShardState state() {
    return state;
  }

  Queue<Runnable> disk() {
    return disk;
  }

  ActorRef<ShardCommand> ref() {
    return kit.getRef();
  }

  void tell(ShardCommand command) {
    mailbox.add(command);
    settle();
  }

  /** The shard does all that it was told, and goes on for as long as somebody takes something. */
  void settle() {
    boolean idle = false;
    mailbox.addAll(kit.selfInbox().getAllReceived());
    while (!mailbox.isEmpty() && !idle) {
      int pauses = plane.pauses();
      int count = mailbox.size();
      for (int message = 0; message < count; message++) {
        kit.run(mailbox.remove());
      }
      idle = plane.pauses() - pauses == count;
      mailbox.addAll(kit.selfInbox().getAllReceived());
    }
  }

  void passes(Duration time) {
    millis += time.toMillis();
    settle();
  }

  void stop() {
    kit.signal(PostStop.instance());
  }

  /** The trainer's claim of a term, as far as that is not made yet. */
  void claim(int term) throws IOException {
    if (terms.highest() < term) {
      assertEquals(term, terms.claim(term - 1));
    }
  }

  /** Takes the shard into a term that was claimed. */
  void join(int term, Share share, ActorRef<TrainerCommand> by) {
    tell(new ShardCommand.BeginTerm(term, Micro.BRIEF, share.index(), share.count(), by));
  }

  /**
   * Begins a term of all of the state, as a trainer does: with what the shard holds, if it does.
   */
  void beginTerm(int term) throws IOException {
    beginTerm(term, Share.WHOLE, ShardCommand.OpenTerm.NEWEST);
  }

  /**
   * @param newest what is opened where the shard holds nothing
   */
  void beginTerm(int term, Share share, long newest) throws IOException {
    this.share = share;
    claim(term);
    join(term, share, trainer.getRef());
    for (TrainerCommand message : told()) {
      if (message instanceof TrainerCommand.TermJoined joined) {
        boolean keep = joined.heldTerm() > 0;
        tell(new ShardCommand.OpenTerm(term, keep ? joined.heldVersion() : newest, keep));
      } else {
        trainer.getRef().tell(message);
      }
    }
  }

  /** All that the trainer was told since this was asked before. */
  List<TrainerCommand> told() {
    return trainer.getAllReceived();
  }

  /** The one thing that the trainer was told: where the shard stands. */
  Standing standing() {
    List<TrainerCommand> told = told();
    assertEquals(1, told.size(), told::toString);
    return (Standing) told.getFirst();
  }

  /** Digest of the state that results of the present version are computed at. */
  long basis() {
    return state.digests().shared();
  }

  /** A worker's result comes in over the streams. */
  void send(int term, Result result) {
    send(term, result, Micro.parts(result, share), basis());
  }

  void send(int term, Result result, List<Part> parts, long basis) {
    for (Part part : parts) {
      plane.deliver(Micro.id(part.number(), term, result), part.provenance(basis), part.bytes());
    }
    settle();
  }

  /** Both results of a step come in. */
  void sendStep(int term, long step) {
    for (int index = 0; index < Micro.MICRO_BATCHES; index++) {
      send(term, Micro.result(step, index, 0, ""));
    }
  }

  void apply(int term, long step, boolean snapshot) {
    tell(new ShardCommand.Apply(term, step, 0.1, false, snapshot));
  }

  /** A whole step; nothing of it is left to be heard. */
  void step(int term, long step) {
    sendStep(term, step);
    apply(term, step, false);
    told();
  }

  /** The disk does what it was given. */
  int write() {
    List<Runnable> tasks = new ArrayList<>(disk);
    disk.clear();
    tasks.forEach(Runnable::run);
    settle();
    return tasks.size();
  }
}
