package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunEvent.Notice;
import io.urrl.actors.protocol.RunEvent.Watch;
import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.protocol.RunNews.Bulletin;
import io.urrl.actors.protocol.RunNews.Item;
import io.urrl.actors.protocol.RunNews.Outcome;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.launch.run.RunView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Terminated;
import org.junit.jupiter.api.Test;

class RunWatcherTest {
  private final TestInbox<RunEvent> proxy = TestInbox.create("proxy");
  private final TestInbox<RunEvent> first = TestInbox.create("recorder");
  private final TestInbox<RunEvent> second = TestInbox.create("recorder.2");
  private final List<String> seen = new ArrayList<>();
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final BehaviorTestKit<RunNews> watcher =
      BehaviorTestKit.create(RunWatcher.create(proxy.getRef(), new Seen(), outcome), "watcher");
  private Runnable overdue = () -> {};
  private Runnable tick = () -> {};

  private final class Seen implements RunView {
    @Override
    public void started(long version, long steps, String origin) {
      seen.add("started at " + version + " of " + steps + " from " + origin);
    }

    @Override
    public void step(RunEvent.StepClosed step, double pairsPerSecond) {
      seen.add("step " + step.step() + " at " + pairsPerSecond);
    }

    @Override
    public void checkpoint(long version, String path) {
      seen.add("checkpoint " + version + " in " + path);
    }

    @Override
    public void judged(long version, EvaluationCommand.Outcome found) {
      seen.add("judged " + version);
    }

    @Override
    public void notice(String text) {
      seen.add(text);
    }
  }

  /** Takes the timers that it set; a cancelled one does nothing. */
  private void takeEffects() {
    for (Effect effect : watcher.getAllEffects()) {
      switch (effect) {
        case Effect.TimerScheduled<?> timer -> {
          if (timer.mode().toString().contains("Single")) {
            overdue = () -> timer.send().apply();
          } else {
            tick = () -> timer.send().apply();
          }
        }
        case Effect.TimerCancelled cancelled -> overdue = () -> {};
        default -> {}
      }
    }
  }

  private void run(RunNews news) {
    watcher.run(news);
    takeEffects();
  }

  private void pass(Runnable timer) {
    timer.run();
    watcher.selfInbox().getAllReceived().forEach(this::run);
  }

  private void tell(TestInbox<RunEvent> recorder, long edition, long number, String... notices) {
    List<Item> items = Stream.of(notices).<Item>map(Notice::new).toList();
    run(new Bulletin(recorder.getRef(), edition, 0, number, items));
  }

  private List<RunEvent> said() {
    return proxy.getAllReceived();
  }

  private Watch heard(long edition, long many) {
    return new Watch(edition, many, watcher.getRef());
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // the type is one of Scala's
  private void terminated(TestInbox<RunEvent> recorder) {
    watcher.signal(new Terminated((ActorRef) recorder.getRef()));
    takeEffects();
  }

  @Test
  void itSaysThatItWatchesAndHowMuchItHeard() {
    takeEffects();
    assertEquals(List.of(heard(0, 0)), said());
    pass(tick);
    assertEquals(List.of(heard(0, 0)), said());
    tell(first, 5, 0, "a", "b");
    pass(tick);
    assertEquals(List.of(heard(5, 2)), said());
  }

  @Test
  void allKindsOfNewsAreShown() {
    RunEvent.StepClosed step =
        new RunEvent.StepClosed(
            1,
            3,
            0,
            2,
            0.5,
            0.1,
            false,
            List.of(),
            TestInbox.<TrainerCommand>create("trainer").getRef());
    run(
        new Bulletin(
            first.getRef(),
            5,
            0,
            0,
            List.of(
                new RunNews.Began(3, 9, "a test"),
                new RunNews.Stepped(step, 8),
                new RunNews.Kept(4, "step-4"),
                new RunEvent.Judged(4, new EvaluationCommand.Outcome.Failed(1, "knn", "no")),
                new Notice("by the way"))));
    assertEquals(
        List.of(
            "started at 3 of 9 from a test",
            "step 3 at 8.0",
            "checkpoint 4 in step-4",
            "judged 4",
            "by the way"),
        seen);
    assertFalse(outcome.isDone());
  }

  @Test
  void whatIsToldTwiceOrLateIsShownOnce() {
    tell(first, 5, 0, "a", "b");
    tell(first, 5, 0, "a", "b", "c");
    tell(first, 5, 1, "b");
    tell(first, 5, 3);
    tell(first, 5, 3, "d");
    assertEquals(List.of("a", "b", "c", "d"), seen);
  }

  @Test
  void whatWasLostIsAskedForAtOnce() {
    tell(first, 5, 0, "a");
    said();
    tell(first, 5, 2, "c");
    assertEquals(List.of(heard(5, 1)), said());
    assertEquals(List.of("a"), seen);
    tell(first, 5, 1, "b", "c");
    assertEquals(List.of("a", "b", "c"), seen);
  }

  @Test
  void whatNobodyCanTellAnyMoreIsPassedOver() {
    tell(first, 5, 0, "a");
    run(new Bulletin(first.getRef(), 5, 7, 7, List.of(new Notice("h"))));
    assertEquals(List.of("a", "h"), seen);
  }

  @Test
  void aRecorderThatWasStartedAnewCountsAnewAndALateOneIsHeardToo() {
    tell(first, 5, 0, "a", "b");
    tell(second, 6, 0, "c");
    tell(first, 5, 0, "a", "b");
    tell(first, 5, 2, "late");
    tell(second, 6, 0, "c", "d");
    assertEquals(List.of("a", "b", "c", "late", "d"), seen);
    pass(tick);
    assertEquals(heard(6, 2), said().getLast());
  }

  @Test
  void theEndIsConfirmedAtOnce() {
    tell(first, 5, 0, "a");
    said();
    Outcome over = new Outcome.Done(9, false, "step-9");
    run(new Bulletin(first.getRef(), 5, 0, 1, List.of(over)));
    assertEquals(over, outcome.join());
    assertEquals(List.of(heard(5, 2)), said());
  }

  @Test
  void aRecorderThatNoOtherFollowsHasFailed() {
    tell(first, 5, 0, "a");
    terminated(first);
    pass(overdue);
    assertEquals(new Outcome.Broken("the recorder of the run failed; see the log"), outcome.join());
  }

  @Test
  void aRecorderThatAnotherFollowsHasNot() {
    tell(first, 5, 0, "a");
    terminated(first);
    tell(second, 6, 0);
    pass(overdue);
    terminated(first);
    pass(overdue);
    assertFalse(outcome.isDone());
  }
}
