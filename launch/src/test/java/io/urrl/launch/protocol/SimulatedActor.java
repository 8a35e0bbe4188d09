package io.urrl.launch.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * One incarnation of a real actor, run on the test's thread. What it is told waits in its inbox
 * until the network takes it from there.
 *
 * @param <T> what it can be told
 */
final class SimulatedActor<T> {
  private final String name;
  private final VirtualTime time;
  private final BehaviorTestKit<T> kit;
  private final Set<ActorRef<?>> watched = new HashSet<>();
  private final List<ActorRef<?>> newlyWatched = new ArrayList<>();
  private final Map<Object, Integer> timers = new HashMap<>();
  private boolean alive = true;
  private long pauseEnds;

  SimulatedActor(String name, VirtualTime time, Behavior<T> behavior) {
    this.name = name;
    this.time = time;
    kit = BehaviorTestKit.create(behavior, name);
    takeEffects();
  }

  String name() {
    return name;
  }

  ActorRef<T> ref() {
    return kit.getRef();
  }

  boolean isAlive() {
    return alive && kit.isAlive();
  }

  /** Whether it ended of its own will and nobody has noticed. */
  boolean hasEndedItself() {
    return alive && !kit.isAlive();
  }

  boolean watches(ActorRef<?> other) {
    return watched.contains(other);
  }

  /** What it was told since this was asked before. */
  List<T> takeInbox() {
    return kit.selfInbox().getAllReceived();
  }

  /** Whom it watches since this was asked before. */
  List<ActorRef<?>> takeNewlyWatched() {
    List<ActorRef<?>> taken = List.copyOf(newlyWatched);
    newlyWatched.clear();
    return taken;
  }

  /** What it told the receptionist since this was asked before. */
  List<Receptionist.Command> takeReceptionist() {
    return kit.receptionistInbox().getAllReceived();
  }

  <U> TestInbox<U> child(String childName) {
    return kit.childInbox(childName);
  }

  /** Does nothing for so many nanoseconds; what it is told waits. */
  void pause(long nanos) {
    pauseEnds = Math.max(pauseEnds, time.nanos() + nanos);
  }

  void deliver(T message) {
    if (time.nanos() < pauseEnds) {
      time.in(pauseEnds - time.nanos(), () -> deliver(message));
    } else if (isAlive()) {
      kit.run(message);
      takeEffects();
    }
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // Nothing is a type of Scala's
  void terminated(ActorRef<?> other) {
    if (time.nanos() < pauseEnds) {
      time.in(pauseEnds - time.nanos(), () -> terminated(other));
    } else if (isAlive() && watched.remove(other)) {
      kit.signal(new Terminated((ActorRef) other));
      takeEffects();
    }
  }

  /**
   * Ends it.
   *
   * @param clean whether it may tidy up, which a killed process may not
   */
  void kill(boolean clean) {
    if (clean && kit.isAlive()) {
      kit.signal(PostStop.instance());
    }
    alive = false;
  }

  private void takeEffects() {
    for (Effect effect : kit.getAllEffects()) {
      switch (effect) {
        case Effect.Watched<?> watch -> {
          watched.add(watch.other());
          newlyWatched.add(watch.other());
        }
        case Effect.TimerScheduled<?> timer -> schedule(timer);
        case Effect.TimerCancelled cancelled -> timers.merge(cancelled.key(), 1, Integer::sum);
        default -> {}
      }
    }
  }

  private void schedule(Effect.TimerScheduled<?> timer) {
    int generation = timers.merge(timer.key(), 1, Integer::sum);
    fire(timer, generation);
  }

  private void fire(Effect.TimerScheduled<?> timer, int generation) {
    time.in(
        timer.duration().toNanos(),
        () -> {
          if (isAlive() && timers.get(timer.key()) == generation) {
            timer.send().apply();
            boolean once = timer.mode().toString().contains("Single");
            if (!once) {
              fire(timer, generation);
            }
          }
        });
  }
}
