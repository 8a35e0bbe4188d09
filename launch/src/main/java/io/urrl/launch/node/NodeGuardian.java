package io.urrl.launch.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The parent of a node's workers. A worker that throws is stopped, whoever watches it hears of its
 * end at once and gives its work to others, and a successor takes its place: after a pause that
 * doubles with every failure in a row, so that a fault that persists does not spin. A minute
 * without a failure ends the row.
 */
public final class NodeGuardian {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration CALM = Duration.ofMinutes(1);

  /** What the guardian can be told. */
  public sealed interface Command {}

  /**
   * Keeps a worker running.
   *
   * @param name name of the first incarnation; later ones carry a number behind a dot
   * @param behavior makes an incarnation
   * @param dispatcher path of the worker's dispatcher
   */
  public record Keep(String name, Supplier<Behavior<?>> behavior, String dispatcher)
      implements Command {}

  /** Runs a task when an actor is gone. */
  public record Watch(ActorRef<?> actor, Runnable whenGone) implements Command {}

  /**
   * Ends all workers, each when it has done what it is at, and starts none any more.
   *
   * @param empty runs when the last one is gone
   */
  public record Drain(Runnable empty) implements Command {}

  private record Respawn(String name) implements Command {}

  private static final class Post {
    private final Keep keep;
    private int incarnation;
    private int failures;
    private long startedAt;

    Post(Keep keep) {
      this.keep = keep;
    }
  }

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final LongSupplier millis;
  private final Map<String, Post> posts = new HashMap<>();
  private final Map<ActorRef<Void>, String> holders = new HashMap<>();
  private final Map<ActorRef<Void>, List<Runnable>> informed = new HashMap<>();

  /** Null while workers are kept. */
  private Drain draining;

  private NodeGuardian(
      ActorContext<Command> context, TimerScheduler<Command> timers, LongSupplier millis) {
    this.context = context;
    this.timers = timers;
    this.millis = millis;
  }

  /**
   * A guardian without workers.
   *
   * @param millis a clock that never goes back
   */
  public static Behavior<Command> create(LongSupplier millis) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  NodeGuardian guardian = new NodeGuardian(context, timers, millis);
                  return Behaviors.receive(Command.class)
                      .onAnyMessage(guardian::on)
                      .onSignal(Terminated.class, guardian::onTerminated)
                      .build();
                }));
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Keep keep -> {
        posts.put(keep.name(), new Post(keep));
        spawn(keep.name());
      }
      case Respawn respawn -> spawn(respawn.name());
      case Drain drain -> {
        draining = drain;
        holders.keySet().forEach(context::stop);
        sayWhenEmpty();
      }
      case Watch watch -> {
        informed
            .computeIfAbsent(watch.actor().unsafeUpcast(), fresh -> new ArrayList<>())
            .add(watch.whenGone());
        context.watch(watch.actor());
      }
    }
    return Behaviors.same();
  }

  private void sayWhenEmpty() {
    if (holders.isEmpty()) {
      draining.empty().run();
    }
  }

  private void spawn(String name) {
    if (draining != null) {
      return;
    }
    Post post = posts.get(name);
    post.incarnation++;
    post.startedAt = millis.getAsLong();
    String incarnation = post.incarnation == 1 ? name : name + "." + post.incarnation;
    ActorRef<?> worker =
        context.spawn(
            Behaviors.supervise(post.keep.behavior().get()).onFailure(SupervisorStrategy.stop()),
            incarnation,
            Props.empty().withDispatcherFromConfig(post.keep.dispatcher()));
    context.watch(worker);
    holders.put(worker.unsafeUpcast(), name);
  }

  private Behavior<Command> onTerminated(Terminated terminated) {
    informed.getOrDefault(terminated.getRef(), List.of()).forEach(Runnable::run);
    informed.remove(terminated.getRef());
    String name = holders.remove(terminated.getRef());
    if (name == null) {
      return Behaviors.same();
    }
    if (draining != null) {
      sayWhenEmpty();
      return Behaviors.same();
    }
    Post post = posts.get(name);
    boolean calm = millis.getAsLong() - post.startedAt > CALM.toMillis();
    post.failures = calm ? 0 : post.failures;
    long pause =
        Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(post.failures, 10));
    post.failures++;
    context.getLog().warn("{} stopped; its successor starts in {} ms", name, pause);
    timers.startSingleTimer(new Respawn(name), Duration.ofMillis(pause));
    return Behaviors.same();
  }
}
