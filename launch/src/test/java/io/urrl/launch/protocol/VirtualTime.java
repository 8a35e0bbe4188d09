package io.urrl.launch.protocol;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What will happen, in its order; time passes from one event to the next. */
final class VirtualTime {
  private record Event(long at, long order, Runnable task) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private long nanos = 1_000_000_000;
  private long count;

  long nanos() {
    return nanos;
  }

  long millis() {
    return nanos / 1_000_000;
  }

  /** Something happens so many nanoseconds from now. */
  void in(long delay, Runnable task) {
    events.add(new Event(nanos + delay, count++, task));
  }

  /** Lets the next event happen; returns whether there was one. */
  boolean next() {
    Event event = events.poll();
    if (event == null) {
      return false;
    }
    nanos = Math.max(nanos, event.at());
    event.task().run();
    return true;
  }

  /** Events that have happened or will. */
  long count() {
    return count;
  }
}
