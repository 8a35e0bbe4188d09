package io.urrl.launch.node;

import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.protocol.RunNews.Began;
import io.urrl.actors.protocol.RunNews.Bulletin;
import io.urrl.actors.protocol.RunNews.Item;
import io.urrl.actors.protocol.RunNews.Kept;
import io.urrl.actors.protocol.RunNews.Outcome;
import io.urrl.actors.protocol.RunNews.Stepped;
import io.urrl.launch.run.RunView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Watches a run for somebody on this node: says so to the run's recorder, again and again, and
 * shows what it tells, each piece once. The recorder may be on another node, and another one
 * tomorrow.
 */
public final class RunWatcher {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /**
   * How long the successor of a recorder may take to come; a cluster puts a dead node out first.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private enum Tick implements RunNews.Internal {
    TICK
  }

  /** No recorder has followed the one that is gone. */
  private enum Overdue implements RunNews.Internal {
    OVERDUE
  }

  private final ActorContext<RunNews> context;
  private final TimerScheduler<RunNews> timers;
  private final ActorRef<RunEvent> recorder;
  private final RunView view;
  private final CompletableFuture<Outcome> outcome;

  /** News that were heard, of every edition: a late bulletin may be of one that is over. */
  private final Map<Long, Long> heard = new HashMap<>();

  private long edition;

  /** The recorder that was heard last; null before, and when it is gone. */
  private ActorRef<RunEvent> teller;

  private RunWatcher(
      ActorContext<RunNews> context,
      TimerScheduler<RunNews> timers,
      ActorRef<RunEvent> recorder,
      RunView view,
      CompletableFuture<Outcome> outcome) {
    this.context = context;
    this.timers = timers;
    this.recorder = recorder;
    this.view = view;
    this.outcome = outcome;
  }

  /**
   * @param recorder leads to the recorder, whoever that is at present
   * @param view shows the run
   * @param outcome is completed when the run is over
   */
  public static Behavior<RunNews> create(
      ActorRef<RunEvent> recorder, RunView view, CompletableFuture<Outcome> outcome) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new RunWatcher(context, timers, recorder, view, outcome).start()));
  }

  private Behavior<RunNews> start() {
    timers.startTimerWithFixedDelay(Tick.TICK, AGAIN);
    say();
    return Behaviors.receive(RunNews.class)
        .onAnyMessage(this::on)
        .onSignal(Terminated.class, this::onTerminated)
        .build();
  }

  private void say() {
    recorder.tell(new RunEvent.Watch(edition, heard(), context.getSelf()));
  }

  private long heard() {
    return heard.getOrDefault(edition, 0L);
  }

  private Behavior<RunNews> on(RunNews news) {
    switch (news) {
      case Bulletin bulletin -> onBulletin(bulletin);
      case Tick tick -> say();
      case Overdue late ->
          outcome.complete(new Outcome.Broken("the recorder of the run failed; see the log"));
      case RunNews.Internal internal ->
          throw new IllegalStateException("not an event of a watcher: " + internal);
    }
    return Behaviors.same();
  }

  private void onBulletin(Bulletin bulletin) {
    edition = bulletin.edition();
    if (!bulletin.recorder().equals(teller)) {
      teller = bulletin.recorder();
      context.watch(teller);
      timers.cancel(Overdue.OVERDUE);
    }
    long due = Math.max(heard(), bulletin.oldest());
    if (bulletin.first() > due) {
      // A bulletin before this one was lost; it comes with the answer.
      say();
      return;
    }
    List<Item> news = bulletin.items();
    long end = bulletin.first() + news.size();
    heard.put(edition, Math.max(due, end));
    if (end > due) {
      news.subList((int) (due - bulletin.first()), news.size()).forEach(this::show);
    }
  }

  private void show(Item item) {
    switch (item) {
      case Began began -> view.started(began.version(), began.steps(), began.origin());
      case Stepped stepped -> view.step(stepped.step(), stepped.pairsPerSecond());
      case Kept kept -> view.checkpoint(kept.version(), kept.path());
      case RunEvent.Judged judged -> view.judged(judged.version(), judged.outcome());
      case RunEvent.Notice notice -> view.notice(notice.text());
      case Outcome over -> {
        outcome.complete(over);
        say();
      }
    }
  }

  private Behavior<RunNews> onTerminated(Terminated terminated) {
    ActorRef<RunEvent> gone = terminated.getRef().unsafeUpcast();
    if (gone.equals(teller)) {
      teller = null;
      timers.startSingleTimer(Overdue.OVERDUE, PATIENCE);
    }
    return Behaviors.same();
  }
}
