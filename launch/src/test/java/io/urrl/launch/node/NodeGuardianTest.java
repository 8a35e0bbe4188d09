package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

class NodeGuardianTest {
  private final AtomicLong now = new AtomicLong();
  private final BehaviorTestKit<NodeGuardian.Command> guardian =
      BehaviorTestKit.create(NodeGuardian.create(now::get), "guardian");
  private final List<String> spawned = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private int made;

  private Behavior<?> faulty() {
    made++;
    return Behaviors.receive(String.class)
        .onAnyMessage(
            message -> {
              throw new IllegalStateException(message);
            })
        .build();
  }

  private void keep(String name, Supplier<Behavior<?>> behavior) {
    run(new NodeGuardian.Keep(name, behavior, "pekko.actor.default-dispatcher"));
  }

  /** Tells the guardian something, and lets the pause that it decides on pass. */
  private void run(NodeGuardian.Command command) {
    guardian.run(command);
    takeEffects();
  }

  private void takeEffects() {
    for (Effect effect : guardian.getAllEffects()) {
      switch (effect) {
        case Effect.Spawned<?> spawn -> spawned.add(spawn.childName());
        case Effect.TimerScheduled<?> timer -> {
          pauses.add(timer.duration());
          timer.send().apply();
        }
        default -> {}
      }
    }
    guardian.selfInbox().getAllReceived().forEach(this::run);
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // the type is one of Scala's
  private void terminated(ActorRef<?> gone) {
    guardian.signal(new Terminated((ActorRef) gone));
    takeEffects();
  }

  private void fail(String incarnation) {
    BehaviorTestKit<String> worker =
        guardian.childTestKit(guardian.<String>childInbox(incarnation).getRef());
    worker.run("for a test");
    assertFalse(worker.isAlive(), "a worker that throws is stopped");
    terminated(worker.getRef());
  }

  @Test
  void aWorkerThatThrowsIsReplacedAfterPausesThatGrow() {
    keep("worker", this::faulty);
    assertEquals(List.of("worker"), spawned);
    for (int failure = 1; failure <= 8; failure++) {
      fail(spawned.getLast());
      assertEquals("worker." + (failure + 1), spawned.getLast());
    }
    assertEquals(9, made, "each incarnation is a new one");
    assertEquals(
        List.of(200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 10_000L, 10_000L),
        pauses.stream().map(Duration::toMillis).toList());
  }

  @Test
  void aCalmMinuteEndsARowOfFailures() {
    keep("worker", this::faulty);
    fail(spawned.getLast());
    fail(spawned.getLast());
    now.addAndGet(Duration.ofMinutes(1).toMillis());
    fail(spawned.getLast());
    now.addAndGet(Duration.ofMinutes(1).toMillis() + 1);
    fail(spawned.getLast());
    fail(spawned.getLast());
    assertEquals(
        List.of(200L, 400L, 800L, 200L, 400L), pauses.stream().map(Duration::toMillis).toList());
  }

  @Test
  void workersFailForThemselves() {
    keep("one", this::faulty);
    keep("two", this::faulty);
    fail("one");
    fail("one.2");
    fail("two");
    assertEquals(List.of("one", "two", "one.2", "one.3", "two.2"), spawned);
    assertEquals(List.of(200L, 400L, 200L), pauses.stream().map(Duration::toMillis).toList());
  }

  @Test
  void aWorkerThatStopsByItselfIsReplacedToo() {
    keep("worker", Behaviors::stopped);
    terminated(guardian.childInbox("worker").getRef());
    assertEquals(List.of("worker", "worker.2"), spawned);
  }

  @Test
  void aTaskRunsOnceWhenItsActorIsGone() {
    TestInbox<String> actor = TestInbox.create("actor");
    List<String> ran = new ArrayList<>();
    run(new NodeGuardian.Watch(actor.getRef(), () -> ran.add("gone")));
    keep("worker", this::faulty);
    fail("worker");
    assertTrue(ran.isEmpty());
    terminated(actor.getRef());
    assertEquals(List.of("gone"), ran);
    assertEquals(List.of("worker", "worker.2"), spawned);
  }
}
