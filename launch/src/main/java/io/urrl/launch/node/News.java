package io.urrl.launch.node;

import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.protocol.RunNews.Item;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What a recorder tells those who watch its run. The newest news are kept for who comes late or did
 * not hear one. For the recorder's thread.
 */
final class News {
  /** Some minutes of steps; who misses more than that sees a gap. */
  private static final int KEPT = 256;

  private final ActorContext<RunEvent> context;
  private final long edition = UUID.randomUUID().getMostSignificantBits();
  private final Deque<Item> newest = new ArrayDeque<>();

  /** How many there were. */
  private long count;

  /** Those who watch, and how many news each says it heard. */
  private final Map<ActorRef<RunNews>, Long> watchers = new HashMap<>();

  News(ActorContext<RunEvent> context) {
    this.context = context;
  }

  /**
   * Tells a piece of news.
   *
   * @return how many there are with it
   */
  long tell(Item item) {
    newest.add(item);
    count++;
    if (newest.size() > KEPT) {
      newest.remove();
    }
    watchers.keySet().forEach(watcher -> tellFrom(count - 1, watcher));
    return count;
  }

  /** Somebody watches, and is told what it did not hear. */
  void onWatch(RunEvent.Watch watch) {
    long heard = watch.edition() == edition ? watch.heard() : 0;
    if (watchers.put(watch.watcher(), heard) == null) {
      context.watch(watch.watcher());
    }
    tellFrom(heard, watch.watcher());
  }

  void onTerminated(Terminated gone) {
    ActorRef<RunNews> watcher = gone.getRef().unsafeUpcast();
    watchers.remove(watcher);
  }

  /** Whether somebody watches, and all who do have heard so many. */
  boolean heard(long many) {
    return !watchers.isEmpty() && watchers.values().stream().allMatch(heard -> heard >= many);
  }

  private void tellFrom(long number, ActorRef<RunNews> watcher) {
    long oldest = count - newest.size();
    long first = Math.max(number, oldest);
    List<Item> items = newest.stream().skip(first - oldest).toList();
    watcher.tell(new RunNews.Bulletin(context.getSelf(), edition, oldest, first, items));
  }
}
