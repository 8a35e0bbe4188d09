package io.urrl.actors.run;

import io.urrl.actors.protocol.ShardCommand;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The parameter shards that are there, and which of them take part in the next term: as many as are
 * wanted, or after a while those that are there. For the trainer's thread.
 */
final class ShardPool {
  /** How long a term waits for more shards where some are there. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final long NEVER = Long.MIN_VALUE;

  /**
   * The shards of a term, one for each slice, in order.
   *
   * @param wanted how many were waited for
   */
  record Choice(List<ActorRef<ShardCommand>> shards, int wanted) {}

  private final int slices;
  private final int expected;
  private final LongSupplier millis;
  private final Set<ActorRef<ShardCommand>> gone = new HashSet<>();
  private Set<ActorRef<ShardCommand>> listed = Set.of();

  /** Shards of the term before. */
  private int before;

  /** Since when more shards are waited for. */
  private long since = NEVER;

  /**
   * @param slices shards of a term, 0 for all that are there
   * @param expected shards that are waited for when {@code slices} is 0
   * @param millis a clock in milliseconds of any origin
   */
  ShardPool(int slices, int expected, LongSupplier millis) {
    this.slices = slices;
    this.expected = expected;
    this.millis = millis;
  }

  /** These are there, as far as the receptionist knows: it may still name some that are gone. */
  void list(Set<ActorRef<ShardCommand>> shards) {
    listed = shards;
  }

  /** A shard is gone for good. */
  void remove(ActorRef<ShardCommand> shard) {
    gone.add(shard);
    since = NEVER;
  }

  /**
   * The shards of the next term; the same ones in the same order when the same ones are there, so
   * that each finds the slice that it holds.
   *
   * @return empty while more are waited for
   */
  Optional<Choice> choose() {
    List<ActorRef<ShardCommand>> here =
        listed.stream()
            .filter(shard -> !gone.contains(shard))
            .sorted(
                Comparator.<ActorRef<ShardCommand>, String>comparing(shard -> shard.path().name())
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    if (here.isEmpty()) {
      since = NEVER;
      return Optional.empty();
    }
    since = since == NEVER ? millis.getAsLong() : since;
    int wanted = slices > 0 ? slices : Math.max(expected, before);
    if (here.size() < wanted && millis.getAsLong() - since < PATIENCE.toMillis()) {
      return Optional.empty();
    }
    List<ActorRef<ShardCommand>> shards =
        slices > 0 && here.size() > slices ? here.subList(0, slices) : here;
    before = shards.size();
    since = NEVER;
    return Optional.of(new Choice(List.copyOf(shards), wanted));
  }
}
