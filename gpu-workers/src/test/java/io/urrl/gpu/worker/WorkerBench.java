package io.urrl.gpu.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.urrl.actors.objective.Moco;
import io.urrl.actors.objective.Parts;
import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.plan.SampleDraw;
import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.GpuWorkerCommand.Enlist;
import io.urrl.actors.protocol.GpuWorkerCommand.Hold;
import io.urrl.actors.protocol.GpuWorkerCommand.Subscribed;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.ShardCommand.Subscribe;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.SupplyCommand.Fetch;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.stream.BroadcastAddress;
import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.HandPlane;
import io.urrl.actors.stream.HandPlane.Tensor;
import io.urrl.actors.stream.Provenance;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.PostStop;

/** A GPU worker on the test's thread, with a trainer, a shard and a supply that the test plays. */
final class WorkerBench {
  /** Where the first shard takes results. */
  static final StreamAddress RESULTS = results(0);

  static final int IMAGE = 2;
  static final int MICRO_BATCH = 2;

  private static final int QUEUE = 8;
  private static final long PAIR_BYTES = 2L * 3 * IMAGE * IMAGE;

  private final HandPlane plane = new HandPlane("worker");
  private final ToyEngine engine = new ToyEngine();
  private final TestInbox<TrainerCommand> trainer = TestInbox.create("trainer");
  private final List<TestInbox<ShardCommand>> shards;
  private final List<TensorLayout.Slice> slices;
  private final TestInbox<SupplyCommand> supply = TestInbox.create("supply");
  private final Queue<GpuWorkerCommand> mailbox = new ArrayDeque<>();
  private final BehaviorTestKit<GpuWorkerCommand> kit =
      BehaviorTestKit.create(
          GpuWorker.create(
              new GpuWorker.Means(
                  new GpuWorker.Settings(2), plane, engine, Runnable::run, System::nanoTime)),
          "gpu-worker-1");
  private final Effect.TimerScheduled<?> tick;
  private long order;

  /** With a single shard. */
  WorkerBench() {
    this(1);
  }

  /**
   * @param count shards that the parameters come from
   */
  WorkerBench(int count) {
    shards =
        IntStream.range(0, count)
            .mapToObj(slice -> TestInbox.<ShardCommand>create("shard-" + slice))
            .toList();
    slices = ToyEngine.PARAMETERS.split(count);
    tick =
        (Effect.TimerScheduled<?>)
            kit.getAllEffects().stream()
                .filter(Effect.TimerScheduled.class::isInstance)
                .findFirst()
                .orElseThrow();
  }

  /** Where a shard takes results. */
  static StreamAddress results(int slice) {
    return new StreamAddress("there", "shard", 9 + slice);
  }

  /** Where a shard broadcasts. */
  static BroadcastAddress changes(int slice) {
    return new BroadcastAddress(new StreamAddress("there", "shard", 19 + slice), 29 + slice);
  }

  /**
   * @param probe digest that the run's workers compute, 0 where it does not matter
   */
  static RunBrief brief(long probe) {
    return new RunBrief(
        7,
        new RunPlan(11, true, 40, 2, 0, 4, MICRO_BATCH, 1),
        new RunBrief.ViewBrief(DataSet.unchecked("toy"), "toy", IMAGE),
        new RunBrief.EncoderBrief("toy", 1, "toy", 0, ToyEngine.DIM),
        Moco.of(QUEUE, ToyEngine.DIM, 0.9f, 0.2f),
        0,
        1,
        probe);
  }

  HandPlane plane() {
    return plane;
  }

  ToyEngine.Encoders replica() {
    return engine.opened();
  }

  boolean isAlive() {
    return kit.isAlive();
  }

  void tell(GpuWorkerCommand command) {
    mailbox.add(command);
    settle();
  }

  /** The worker does all that it was told, and goes on for as long as somebody takes something. */
  void settle() {
    boolean idle = false;
    mailbox.addAll(kit.selfInbox().getAllReceived());
    while (!mailbox.isEmpty() && !idle && kit.isAlive()) {
      int pauses = plane.pauses();
      int count = mailbox.size();
      for (int message = 0; message < count && kit.isAlive(); message++) {
        kit.run(mailbox.remove());
      }
      idle = plane.pauses() - pauses == count;
      mailbox.addAll(kit.selfInbox().getAllReceived());
    }
  }

  void tick() {
    tick.send().apply();
    settle();
  }

  void stop() {
    kit.signal(PostStop.instance());
  }

  void enlist(int term) {
    enlist(term, 0);
  }

  void enlist(int term, long probe) {
    tell(
        new Enlist(
            term,
            brief(probe),
            trainer.getRef(),
            shards.stream().map(TestInbox::getRef).toList(),
            supply.getRef()));
  }

  void subscribed(int term) {
    for (int slice = 0; slice < shards.size(); slice++) {
      subscribed(term, slice);
    }
  }

  void subscribed(int term, int slice) {
    tell(new Subscribed(term, slice, results(slice), changes(slice)));
  }

  /** A worker in a term with the state of a version; nothing of it is left to be heard. */
  void takeUp(int term, long version) {
    enlist(term);
    subscribed(term);
    sendWhole(term, version);
    told();
    shards.forEach(TestInbox::getAllReceived);
  }

  void hold(int term, Lease... leases) {
    tell(new Hold(term, order++, Arrays.asList(leases)));
  }

  void hold(int term, long atOrder, List<Lease> leases) {
    tell(new Hold(term, atOrder, leases));
  }

  static Lease lease(long step, int index, int attempt) {
    return new Lease(new MicroBatchId(step, index), attempt);
  }

  /** What the trainer was told since this was asked before. */
  List<TrainerCommand> told() {
    return trainer.getAllReceived();
  }

  /** What the trainer was told last, of what the worker has done. */
  List<Lease> sent() {
    return ((TrainerCommand.Working) told().getLast()).sent();
  }

  /** The version that the worker says to every shard that it has. */
  long subscription() {
    Set<Long> said = new HashSet<>();
    for (int slice = 0; slice < shards.size(); slice++) {
      said.add(subscriptions(slice).getLast().version());
    }
    assertEquals(1, said.size(), said::toString);
    return said.iterator().next();
  }

  /** What the supply was asked for since this was asked before. */
  List<Fetch> fetches() {
    return supply.getAllReceived().stream().map(Fetch.class::cast).toList();
  }

  private static MemorySegment filled(long bytes, long value) {
    return Arena.ofAuto().allocate(bytes, 64).fill((byte) value);
  }

  static Fence fence(int term) {
    return new Fence(7, term);
  }

  /** What was sent to the first shard as a whole since this was asked before. */
  List<Tensor> sentTensors() {
    return sentTensors(0);
  }

  /** What was sent to a shard as a whole since this was asked before. */
  List<Tensor> sentTensors(int slice) {
    return plane.taken(results(slice));
  }

  private void send(int slice, int part, int term, long version, MemorySegment tensor, long basis) {
    plane.deliver(
        new ChunkId.State(fence(term), version, true, Parts.ofSlice(slice, part), 0),
        new Provenance(TensorDigest.of(tensor), basis, 0),
        tensor);
  }

  private MemorySegment floats(int slice, long value) {
    return filled(slices.get(slice).length() * Float.BYTES, value);
  }

  /** The whole state at a version comes in. */
  void sendWhole(int term, long version) {
    for (int slice = 0; slice < shards.size(); slice++) {
      sendWhole(term, slice, version);
    }
  }

  /** A shard's part of the whole state comes in. */
  void sendWhole(int term, int slice, long version) {
    MemorySegment query = floats(slice, version);
    MemorySegment key = floats(slice, version + 1);
    MemorySegment rows = filled((long) QUEUE * ToyEngine.DIM * Float.BYTES, version + 2);
    long basis =
        slice == 0
            ? TensorDigest.combine(
                TensorDigest.of(query), TensorDigest.of(key), TensorDigest.of(rows))
            : TensorDigest.combine(TensorDigest.of(query), TensorDigest.of(key));
    send(slice, Parts.PARAMETERS, term, version, query, basis);
    send(slice, Parts.MOMENTUM_ENCODER, term, version, key, basis);
    if (slice == 0) {
      send(slice, Parts.companion(Moco.QUEUE), term, version, rows, basis);
    }
    settle();
  }

  /** What changes with a version comes in. */
  void sendChange(int term, long version) {
    for (int slice = 0; slice < shards.size(); slice++) {
      sendChange(term, slice, version);
    }
  }

  /** What changes at a shard with a version is broadcast. */
  void sendChange(int term, int slice, long version) {
    sendChange(term, slice, version, 0, 0);
  }

  /**
   * As if what was broadcast had been written over while it was copied.
   *
   * @param damage to the parameters, 0 for none
   * @param rowDamage to what entered the queue
   */
  void sendChange(int term, int slice, long version, long damage, int rowDamage) {
    MemorySegment query = floats(slice, version);
    broadcast(
        slice,
        new ChunkId.State(fence(term), version, false, Parts.ofSlice(slice, Parts.PARAMETERS), 0),
        new Provenance(TensorDigest.of(query) + damage, 0, 0),
        query);
    if (slice == 0) {
      MemorySegment rows = filled(ToyEngine.DIM * Float.BYTES, version);
      broadcast(
          slice,
          new ChunkId.State(fence(term), version, false, Parts.companion(Moco.QUEUE), 0),
          new Provenance(0, 0, (int) TensorDigest.of(rows) + rowDamage),
          rows);
    }
    settle();
  }

  private void broadcast(int slice, ChunkId id, Provenance provenance, MemorySegment tensor) {
    for (ChunkHandler follower : plane.followers().getOrDefault(changes(slice), List.of())) {
      HandPlane.deliver(follower, id, provenance, tensor, 0, tensor.byteSize());
    }
  }

  /** What the worker says to a shard since this was asked before. */
  List<Subscribe> subscriptions(int slice) {
    return shards.get(slice).getAllReceived().stream().map(Subscribe.class::cast).toList();
  }

  /** The views of one place of a micro-batch come in. */
  void sendViews(int term, MicroBatchId id, int place) {
    sendViews(term, id, place, 0);
  }

  /** As if a bit of them had changed on their way. */
  void sendDamagedViews(int term, MicroBatchId id, int place) {
    sendViews(term, id, place, 1);
  }

  private void sendViews(int term, MicroBatchId id, int place, long damage) {
    SampleDraw draw = brief(0).plan().draws(id)[place];
    MemorySegment pair = filled(PAIR_BYTES, draw.sample());
    plane.deliver(
        new ChunkId.Views(fence(term), id.step(), id.index(), place, draw.epoch(), draw.sample()),
        new Provenance(TensorDigest.of(pair) + damage, 0, draw.sample()),
        pair);
    settle();
  }

  /** All views of a micro-batch come in. */
  void sendViews(int term, MicroBatchId id) {
    for (int place = 0; place < MICRO_BATCH; place++) {
      sendViews(term, id, place);
    }
  }
}
