package io.urrl.launch.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.Trainer;
import io.urrl.actors.run.TrainerSettings;
import io.urrl.actors.run.ViewSupply;
import io.urrl.augment.worker.AugmentWorker;
import io.urrl.gpu.worker.GpuWorker;
import io.urrl.launch.node.RunRecorder;
import io.urrl.launch.node.RunWatcher;
import io.urrl.launch.run.LedgerAudit;
import io.urrl.launch.run.RunFiles;
import io.urrl.parameters.checkpoint.CheckpointStore;
import io.urrl.parameters.shard.ParameterShard;
import io.urrl.parameters.shard.ShardState;
import io.urrl.parameters.shard.Terms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/** One run of the whole protocol in virtual time. */
final class Simulation {
  /** A run that takes longer hangs. */
  private static final long LONGEST_MILLIS = Duration.ofMinutes(30).toMillis();

  private static final long MOST_EVENTS = 3_000_000;
  private static final boolean TRACED = Boolean.getBoolean("urrl.test.trace");
  private static final int LONGEST_TRACE = 240;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long RESPAWN = Duration.ofMillis(200).toNanos();

  /** A part that is kept running: its successor takes its place. */
  private final class Role<T> {
    private final String name;
    private final Supplier<Behavior<T>> behavior;

    /** Tells whoever holds the role, as a singleton's proxy does; unused by workers. */
    private final TestInbox<T> proxy;

    private SimulatedActor<T> holder;
    private int incarnation;

    Role(String name, Supplier<Behavior<T>> behavior) {
      this.name = name;
      this.behavior = behavior;
      proxy = TestInbox.create(name + "-proxy");
    }

    void spawn() {
      incarnation++;
      holder =
          new SimulatedActor<>(
              incarnation == 1 ? name : name + "." + incarnation, time, behavior.get());
      actors.add(holder);
      if (holder.name().startsWith("view-supply")) {
        pulling.supplyStarted(holder);
      } else if (holder.name().startsWith("augment-worker")) {
        pulling.workerStarted(holder);
      }
    }

    void die(boolean clean) {
      SimulatedActor<T> gone = holder;
      if (!gone.isAlive() || dead.contains(gone.ref())) {
        return;
      }
      gone.kill(clean);
      onGone(gone);
    }

    /** All others take it for dead; it goes on for some seconds, and what it says still arrives. */
    void split() {
      SimulatedActor<T> lost = holder;
      if (actors.contains(lost) && !dead.contains(lost.ref())) {
        onGone(lost);
        time.in(random.nextLong(1, 20_000_000_000L), () -> lost.kill(random.nextBoolean()));
      }
    }

    void onGone(SimulatedActor<T> gone) {
      dead.add(gone.ref());
      pulling.workerGone(gone);
      receptionist.remove(gone.ref());
      for (SimulatedActor<?> other : List.copyOf(actors)) {
        if (other.watches(gone.ref())) {
          time.in(random.nextLong(1, 1_000_000_000), () -> other.terminated(gone.ref()));
        }
      }
      time.in(RESPAWN, this::spawn);
    }
  }

  private final VirtualTime time = new VirtualTime();
  private final SplittableRandom random;
  private final Faults faults;
  private final SimulatedPlane plane;
  private final Path folder;
  private final TrainerSettings settings;
  private final List<SimulatedActor<?>> actors = new ArrayList<>();
  private final List<Role<?>> roles = new ArrayList<>();
  private final List<Role<?>> shards = new ArrayList<>();
  private final SimulatedReceptionist receptionist;
  private final Set<ActorRef<?>> dead = new HashSet<>();
  private final WorkPulling pulling;
  private final Role<TrainerCommand> trainer;
  private final Map<SimulatedActor<?>, Deque<Object>> mailboxes = new HashMap<>();
  private final CompletableFuture<RunNews.Outcome> outcome = new CompletableFuture<>();
  private final List<String> story = new ArrayList<>();

  Simulation(long seed, Faults faults, int staleness, Size size, Path folder) throws Exception {
    random = new SplittableRandom(seed);
    this.faults = faults;
    this.folder = folder;
    plane = new SimulatedPlane(time, random.split(), faults);
    pulling = new WorkPulling(time, random.split());
    receptionist = new SimulatedReceptionist(time, random.split());
    settings = Toy.settings(staleness, size.slices(), size.shards());
    CheckpointStore store = CheckpointStore.open(folder, 3);
    Terms terms = Terms.of(folder);
    Role<SupplyCommand> supply =
        role("view-supply", () -> ViewSupply.create(2, PATIENCE, time::millis, Behaviors.empty()));
    Role<RunEvent> recorder =
        role(
            "recorder",
            () ->
                RunRecorder.create(
                    () -> RunFiles.open(folder),
                    settings.brief().plan().globalBatch(),
                    RunRecorder.Judge.NONE,
                    time::nanos));
    role(
        "watcher",
        () -> RunWatcher.create(recorder.proxy.getRef(), new Story(this::tell), outcome));
    trainer =
        role(
            "trainer",
            () ->
                Trainer.create(
                    settings, supply.proxy.getRef(), recorder.proxy.getRef(), terms, time::millis));
    for (int shard = 1; shard <= size.shards(); shard++) {
      shards.add(
          role("parameter-shard-" + shard, () -> ParameterShard.create(shardMeans(store, terms))));
    }
    for (int worker = 1; worker <= size.gpuWorkers(); worker++) {
      role(
          "gpu-worker-" + worker,
          () ->
              GpuWorker.create(
                  new GpuWorker.Means(
                      new GpuWorker.Settings(2),
                      plane,
                      new Toy.Engine(),
                      Runnable::run,
                      time::nanos)));
    }
    for (int worker = 1; worker <= size.augmentWorkers(); worker++) {
      role(
          "augment-worker-" + worker,
          () ->
              AugmentWorker.create(
                  new AugmentWorker.Means(plane, new Toy.Views(), 4, PATIENCE, time::millis),
                  Behaviors.empty()));
    }
  }

  private ParameterShard.Means shardMeans(CheckpointStore store, Terms terms) {
    return new ParameterShard.Means(
        plane,
        settings.brief().runId(),
        origin -> ShardState.open(Toy.facts(), origin, store, Toy::initialise, damage -> {}),
        terms,
        task -> time.in(random.nextLong(1, 300_000_000), task),
        PATIENCE,
        time::millis);
  }

  private <T> Role<T> role(String name, Supplier<Behavior<T>> behavior) {
    Role<T> role = new Role<>(name, behavior);
    roles.add(role);
    return role;
  }

  private void tell(String text) {
    story.add("%9.3f s  %s".formatted(time.nanos() * 1e-9 - 1, text));
  }

  /** What happened, for whoever looks for a fault. */
  String story() {
    return String.join("\n", story);
  }

  /** Runs to the end, or until it is clear that none will come. */
  Verdict run() throws Exception {
    roles.forEach(role -> time.in(random.nextLong(1, 50_000_000), role::spawn));
    for (int kill = 0; kill < faults.kills(); kill++) {
      time.in(sometime(), this::killSomebody);
    }
    for (int pause = 0; pause < faults.pauses(); pause++) {
      time.in(sometime(), this::pauseSomebody);
    }
    for (int split = 0; split < faults.splits(); split++) {
      time.in(sometime(), this::splitOffAShard);
    }
    for (int outage = 0; outage < faults.outages(); outage++) {
      time.in(sometime(), this::losePlane);
    }
    if (faults.stopped()) {
      time.in(sometime(), this::stop);
    }
    while (!outcome.isDone()
        && time.millis() < LONGEST_MILLIS
        && time.count() < MOST_EVENTS
        && time.next()) {
      collect();
    }
    if (!outcome.isDone()) {
      return new Verdict(
          "no end after %d s and %d events".formatted(time.millis() / 1000, time.count()),
          "",
          time.millis(),
          false);
    }
    return verdict();
  }

  private Verdict verdict() throws Exception {
    if (outcome.join() instanceof RunNews.Outcome.Broken broken) {
      return new Verdict("broken: " + broken.text(), "", time.millis(), false);
    }
    RunNews.Outcome.Done done = (RunNews.Outcome.Done) outcome.join();
    LedgerAudit.Report audit =
        LedgerAudit.check(settings.brief().plan(), folder.resolve("ledger.jsonl"));
    // Who asks for the end twice over may leave a step on record that was not applied.
    long steps = settings.brief().plan().steps();
    boolean whole =
        done.stopped()
            ? audit.steps() >= done.version()
            : audit.steps() == steps && done.version() == steps;
    String fault =
        !audit.faults().isEmpty()
            ? "audit: " + audit.faults()
            : whole
                ? ""
                : "ended at %d with %d steps recorded".formatted(done.version(), audit.steps());
    String digest =
        done.checkpoint().isEmpty() ? "" : CheckpointStore.digest(Path.of(done.checkpoint()));
    return new Verdict(fault, digest, time.millis(), done.stopped());
  }

  private long sometime() {
    return random.nextLong(1, 8_000_000_000L);
  }

  private void pauseSomebody() {
    Role<?> role = roles.get(random.nextInt(roles.size()));
    if (role.holder != null) {
      tell(role.name + " stands still");
      role.holder.pause(random.nextLong(1, 15_000_000_000L));
    }
  }

  private void splitOffAShard() {
    Role<?> role = shards.get(random.nextInt(shards.size()));
    if (role.holder != null) {
      tell(role.name + " is cut off");
      role.split();
    }
  }

  private void losePlane() {
    tell("the data plane is gone");
    plane.goOut(random.nextLong(1, 15_000_000_000L));
  }

  /** Said until the end comes, as whoever runs the program does. */
  private void stop() {
    tell("somebody asks for the end");
    if (trainer.holder != null) {
      carry(() -> trainer.holder.deliver(new TrainerCommand.Stop()));
    }
    time.in(1_000_000_000, this::stop);
  }

  private void killSomebody() {
    Role<?> role = roles.get(random.nextInt(roles.size()));
    tell(role.name + " dies");
    if (role.holder != null) {
      role.die(random.nextBoolean());
    }
  }

  /** Takes what was told to anybody, and lets the network or the mailbox carry it on. */
  private void collect() {
    for (SimulatedActor<?> actor : List.copyOf(actors)) {
      collect(actor);
    }
    roles.forEach(this::collectProxy);
    pulling.collect();
    for (Role<?> role : roles) {
      if (role.holder != null) {
        noticeEnd(role);
      }
    }
    actors.removeIf(actor -> !actor.isAlive());
  }

  private <T> void noticeEnd(Role<T> role) {
    SimulatedActor<T> holder = role.holder;
    if (actors.contains(holder) && holder.hasEndedItself()) {
      holder.kill(true);
      if (!dead.contains(holder.ref())) {
        role.onGone(holder);
      }
    }
  }

  private <T> void collect(SimulatedActor<T> actor) {
    for (T message : actor.takeInbox()) {
      if (message instanceof WireMessage) {
        trace(actor.name(), message);
        carry(() -> actor.deliver(message));
      } else {
        enqueue(actor, message);
      }
    }
    for (ActorRef<?> watched : actor.takeNewlyWatched()) {
      if (dead.contains(watched)) {
        time.in(random.nextLong(1, 1_000_000_000), () -> actor.terminated(watched));
      }
    }
    for (Receptionist.Command command : actor.takeReceptionist()) {
      receptionist.on(command);
    }
  }

  private <T> void collectProxy(Role<T> role) {
    for (T message : role.proxy.getAllReceived()) {
      trace(role.name, message);
      carry(
          () -> {
            if (role.holder != null) {
              role.holder.deliver(message);
            }
          });
    }
  }

  /** A message that stays within its actor waits in its mailbox, in order. */
  private <T> void enqueue(SimulatedActor<T> actor, T message) {
    Deque<Object> mailbox = mailboxes.computeIfAbsent(actor, fresh -> new ArrayDeque<>());
    mailbox.add(message);
    time.in(
        random.nextLong(1_000, 1_000_000),
        () -> {
          @SuppressWarnings("unchecked")
          T next = (T) mailbox.poll();
          actor.deliver(next);
        });
  }

  private void trace(String to, Object message) {
    if (TRACED) {
      String text = message.toString();
      tell("to " + to + ": " + text.substring(0, Math.min(LONGEST_TRACE, text.length())));
    }
  }

  private void carry(Runnable delivery) {
    if (random.nextDouble() >= faults.loss()) {
      time.in(delay(), delivery);
    }
    if (random.nextDouble() < faults.doubling()) {
      time.in(delay(), delivery);
    }
  }

  private long delay() {
    long usual = random.nextLong(1, 1 + faults.delay() * 1_000_000);
    return random.nextInt(50) == 0 ? usual * 100 : usual;
  }
}
