package io.urrl.actors.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.internal.receptionist.ReceptionistMessages;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/**
 * An actor on the test's thread, in the test's time: everything that it is told has happened when
 * the call returns.
 *
 * @param <T> what it can be told
 */
final class TimedActor<T> {
  private record Timer(Effect.TimerScheduled<?> effect, long due) {
    boolean once() {
      return effect.mode().toString().contains("Single");
    }
  }

  private final BehaviorTestKit<T> kit;
  private final Map<Object, Timer> timers = new LinkedHashMap<>();
  private final Set<ActorRef<?>> watched = new HashSet<>();
  private final Map<ServiceKey<?>, ActorRef<Receptionist.Listing>> subscribers =
      new LinkedHashMap<>();
  private long millis = 1_000_000;

  /**
   * @param behavior makes the actor, which reads this clock
   */
  TimedActor(String name, Function<LongSupplier, Behavior<T>> behavior) {
    kit = BehaviorTestKit.create(behavior.apply(() -> millis), name);
    settle();
  }

  ActorRef<T> ref() {
    return kit.getRef();
  }

  <U> TestInbox<U> child(String name) {
    return kit.childInbox(name);
  }

  void tell(T message) {
    kit.run(message);
    settle();
  }

  boolean watches(ActorRef<?> other) {
    return watched.contains(other);
  }

  /** Another actor is gone: told to whoever watches it. */
  @SuppressWarnings({"rawtypes", "unchecked"}) // the type is one of Scala's
  void terminated(ActorRef<?> other) {
    if (watched.remove(other)) {
      kit.signal(new Terminated((ActorRef) other));
      settle();
    }
  }

  /** The receptionist lists these under a key. */
  <U> void lists(ServiceKey<U> key, Set<ActorRef<U>> instances) {
    subscribers.get(key).tell(Receptionist.listing(key, instances));
    settle();
  }

  /** Time passes, and timers fire in their order. */
  void passes(Duration time) {
    long end = millis + time.toMillis();
    for (Optional<Timer> next = next(end); next.isPresent(); next = next(end)) {
      Timer timer = next.get();
      millis = timer.due();
      if (timer.once()) {
        timers.remove(timer.effect().key());
      } else {
        start(timer.effect());
      }
      timer.effect().send().apply();
      settle();
    }
    millis = end;
    settle();
  }

  private Optional<Timer> next(long end) {
    return timers.values().stream()
        .filter(timer -> timer.due() <= end)
        .min(Comparator.comparingLong(Timer::due));
  }

  private void start(Effect.TimerScheduled<?> effect) {
    timers.put(effect.key(), new Timer(effect, millis + effect.duration().toMillis()));
  }

  /** Takes what the actor did, and what it told itself. */
  private void settle() {
    takeEffects();
    Queue<T> mailbox = new ArrayDeque<>(kit.selfInbox().getAllReceived());
    while (!mailbox.isEmpty()) {
      kit.run(mailbox.remove());
      takeEffects();
      mailbox.addAll(kit.selfInbox().getAllReceived());
    }
  }

  private void takeEffects() {
    for (Effect effect : kit.getAllEffects()) {
      switch (effect) {
        case Effect.Watched<?> watch -> watched.add(watch.other());
        case Effect.TimerScheduled<?> timer -> start(timer);
        case Effect.TimerCancelled cancelled -> timers.remove(cancelled.key());
        default -> {}
      }
    }
    for (Receptionist.Command command : kit.receptionistInbox().getAllReceived()) {
      if (command instanceof ReceptionistMessages.Subscribe<?> subscribe) {
        subscribers.put(subscribe.key(), subscribe.subscriber());
      }
    }
  }

  /** All of one kind that an inbox got since it was asked before; the others are gone. */
  static <U, V extends U> List<V> allOf(TestInbox<U> inbox, Class<V> kind) {
    List<V> all = new ArrayList<>();
    for (U message : inbox.getAllReceived()) {
      if (kind.isInstance(message)) {
        all.add(kind.cast(message));
      }
    }
    return all;
  }
}
