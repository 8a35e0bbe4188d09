package io.urrl.launch.local;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Decides how many augment nodes there should be, from what the run's record says: more of them at
 * once when GPU workers starve for views, one less for every minute in which some were idle.
 * Touches no file or clock. Not for several threads.
 */
final class AugmentScaling {
  /** So long augment workers are idle before one node goes. */
  static final long IDLE_MILLIS = 60_000;

  /** With so few nodes that GPU workers starved, it is not tried again for so long. */
  static final long REGRET_MILLIS = 1_800_000;

  /**
   * What the newest line of the record says.
   *
   * @param step of the line
   * @param workers augment workers that there were
   * @param more that were missing, negative where so many could go; empty when it was too early to
   *     say
   */
  record Reading(long step, int workers, OptionalInt more) {}

  /**
   * The augment workers that the cluster should have now.
   *
   * @param nodes that have nothing but augment workers, and come and go
   * @param each workers of such a node
   * @param others workers on nodes that stay
   */
  record Size(int nodes, int each, int others) {
    int workers() {
      return nodes * each + others;
    }
  }

  /**
   * Another number of nodes.
   *
   * @param why for people
   */
  record Change(int nodes, String why) {}

  private final int least;
  private final int most;
  private long seen = -1;
  private long idleSince = -1;

  /** Nodes with which GPU workers starved last, and when. */
  private int tooFew;

  private long starvedAt;

  /**
   * @param least augment workers
   * @param most augment workers; not below {@code least}
   */
  AugmentScaling(int least, int most) {
    this.least = least;
    this.most = most;
  }

  /**
   * Looks at the record again.
   *
   * @param millis of a clock that only goes forward
   * @param free whether the number may be changed: nobody has ordered another one lately
   */
  Optional<Change> look(long millis, Reading reading, Size size, boolean free) {
    boolean news = seen >= 0 && reading.step() != seen;
    seen = reading.step();
    if (!news) {
      // A run that stands still says nothing, and the first line may be of long ago.
      return Optional.empty();
    }
    // Where nodes are coming, leaving or starting again, what is missing is not known yet.
    if (!free || reading.more().isEmpty() || reading.workers() != size.workers()) {
      idleSince = -1;
      return Optional.empty();
    }
    int more = reading.more().getAsInt();
    boolean idle = more <= -size.each();
    idleSince = !idle ? -1 : idleSince < 0 ? millis : idleSince;
    int fewest = Math.max(1, Math.ceilDiv(least - size.others(), size.each()));
    int largest = Math.max(fewest, (most - size.others()) / size.each());
    if (size.nodes() < fewest) {
      return Optional.of(new Change(fewest, "augment.min asks for more augment workers"));
    }
    if (more > 0 && size.nodes() < largest) {
      int nodes = Math.min(largest, size.nodes() + Math.ceilDiv(more, size.each()));
      tooFew = size.nodes();
      starvedAt = millis;
      return Optional.of(new Change(nodes, "GPU workers starve for views"));
    }
    boolean regretted = size.nodes() - 1 <= tooFew && millis - starvedAt < REGRET_MILLIS;
    if (idle && !regretted && size.nodes() > fewest && millis - idleSince >= IDLE_MILLIS) {
      idleSince = millis;
      return Optional.of(new Change(size.nodes() - 1, "augment workers are idle"));
    }
    return Optional.empty();
  }
}
