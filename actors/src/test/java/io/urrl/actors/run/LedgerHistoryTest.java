package io.urrl.actors.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Workers come, die and stall; results are lost, doubled and come in any order, also those of the
 * dead: every step completes exactly once.
 */
class LedgerHistoryTest {
  private static final long TIMEOUT = 1000;
  private static final int STEPS = 12;
  private static final int MOST_TURNS = 20_000;

  @Property(tries = 300)
  void everyStepCompletesOnce(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int microBatches,
      @ForAll @IntRange(max = 3) int staleness,
      @ForAll @IntRange(max = 3) int lookahead) {
    new History(seed, microBatches, staleness, lookahead).run();
  }

  private static final class History {
    private final SplittableRandom random;
    private final int microBatches;
    private final int staleness;
    private final int lookahead;
    private final Ledger<Integer> ledger;
    private long now;
    private int born;

    /** Leases that living workers have computed, by worker. */
    private final Map<Integer, Set<Lease>> computed = new LinkedHashMap<>();

    private final List<Result> underWay = new ArrayList<>();
    private final Set<MicroBatchId> done = new HashSet<>();

    History(long seed, int microBatches, int staleness, int lookahead) {
      random = new SplittableRandom(seed);
      this.microBatches = microBatches;
      this.staleness = staleness;
      this.lookahead = lookahead;
      ledger = new Ledger<>(microBatches, 0, STEPS, staleness, lookahead, 0);
    }

    private <T> T any(List<T> all) {
      return all.get(random.nextInt(all.size()));
    }

    void run() {
      for (int turn = 0; ledger.version() < STEPS; turn++) {
        assertTrue(turn < MOST_TURNS, () -> "step " + ledger.version() + " does not complete");
        now += random.nextInt(300);
        comeAndGo();
        ledger.lost(now);
        checkLate();
        ledger.grant(now);
        checkHolders();
        work();
        arrive();
        apply();
      }
      ledger.grant(now);
      ledger.everyWorker().forEach(worker -> assertEquals(List.of(), ledger.leases(worker)));
      assertEquals(STEPS * microBatches, done.size());
    }

    private void comeAndGo() {
      if (computed.isEmpty() || random.nextInt(10) == 0) {
        computed.put(born, new HashSet<>());
        ledger.join(born++, 1 + random.nextInt(3));
      }
      if (computed.size() > 1 && random.nextInt(12) == 0) {
        Integer dead = any(List.copyOf(computed.keySet()));
        computed.remove(dead);
        ledger.leave(dead);
      }
    }

    private Map<Integer, List<Lease>> holdings() {
      Map<Integer, List<Lease>> all = new LinkedHashMap<>();
      ledger.everyWorker().forEach(worker -> all.put(worker, ledger.leases(worker)));
      return all;
    }

    private void checkLate() {
      Map<Integer, List<Lease>> before = holdings();
      ledger.late(now, TIMEOUT);
      assertEquals(before, holdings(), "a deadline takes nothing");
    }

    private void checkHolders() {
      long window = ledger.version() + staleness + 1 + lookahead;
      Map<MicroBatchId, Integer> holders = new LinkedHashMap<>();
      holdings()
          .values()
          .forEach(all -> all.forEach(lease -> holders.merge(lease.id(), 1, Integer::sum)));
      holders.forEach(
          (id, count) -> {
            assertTrue(count <= 2, () -> id + " has " + count + " holders");
            assertTrue(id.step() >= ledger.version() && id.step() < Math.min(STEPS, window));
          });
    }

    /** Somebody computes a lease, if it may be computed; what comes of it may be lost or double. */
    private void work() {
      Integer worker = any(List.copyOf(computed.keySet()));
      List<Lease> open =
          ledger.leases(worker).stream()
              .filter(lease -> lease.id().step() <= ledger.version() + staleness)
              .filter(lease -> !computed.get(worker).contains(lease))
              .toList();
      if (open.isEmpty() || random.nextInt(4) == 0) {
        return;
      }
      Lease lease = any(open);
      computed.get(worker).add(lease);
      for (int copies = random.nextInt(4); copies > 1; copies--) {
        underWay.add(Results.of(lease));
      }
      if (random.nextInt(5) > 0) {
        ledger.sent(worker, lease, now);
      }
    }

    private void arrive() {
      if (underWay.isEmpty() || random.nextInt(3) == 0) {
        repeatSent();
        return;
      }
      Result result = underWay.remove(random.nextInt(underWay.size()));
      boolean wanted = result.id().step() >= ledger.version() && !done.contains(result.id());
      assertEquals(wanted, ledger.done(result, now).isPresent(), result::toString);
      done.add(result.id());
      if (wanted && random.nextInt(10) == 0) {
        done.remove(result.id());
        ledger.again(result.id());
      }
    }

    /** What workers say of themselves they say again, until it is heard. */
    private void repeatSent() {
      computed.forEach((worker, all) -> all.forEach(lease -> ledger.sent(worker, lease, now)));
    }

    private void apply() {
      Optional<List<Result>> step = ledger.complete();
      if (step.isPresent()) {
        for (int index = 0; index < microBatches; index++) {
          assertEquals(new MicroBatchId(ledger.version(), index), step.get().get(index).id());
        }
        ledger.applied(now);
      }
    }
  }
}
