package io.urrl.actors.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.run.Ledger.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final long TIMEOUT = 1000;

  private static Lease lease(long step, int index, int attempt) {
    return new Lease(new MicroBatchId(step, index), attempt);
  }

  @Test
  void grantsInOrderAndWithinCapacity() {
    Ledger<String, String> ledger = new Ledger<>(2, 0, 10, 0, 1, 0);
    ledger.join("a", 2);
    assertEquals(
        List.of(new Assignment<>("a", lease(0, 0, 0)), new Assignment<>("a", lease(0, 1, 0))),
        ledger.grant(0));
    ledger.join("b", 3);
    assertEquals(
        List.of(new Assignment<>("b", lease(1, 0, 0)), new Assignment<>("b", lease(1, 1, 0))),
        ledger.grant(0),
        "no further than one step ahead");
  }

  @Test
  void aDeadWorkersLeasesGoFirstAndOverCapacity() {
    Ledger<String, String> ledger = new Ledger<>(1, 0, 10, 0, 3, 0);
    ledger.join("a", 1);
    ledger.grant(0);
    ledger.join("b", 1);
    assertEquals(List.of(new Assignment<>("b", lease(1, 0, 0))), ledger.grant(0));
    ledger.leave("a");
    assertEquals(
        List.of(new Assignment<>("b", lease(0, 0, 1))),
        ledger.grant(0),
        "b is full, but nothing can be computed before step 0");
  }

  @Test
  void onlyTheNewestAttemptOfItsHolderCounts() {
    Ledger<String, String> ledger = new Ledger<>(1, 0, 10, 0, 0, 0);
    ledger.join("a", 1);
    ledger.join("b", 1);
    ledger.grant(0);
    List<Assignment<String>> late = ledger.expire(TIMEOUT, TIMEOUT);
    assertEquals(1, late.size());
    String next = ledger.grant(TIMEOUT).getFirst().worker();
    String other = next.equals("a") ? "b" : "a";
    assertFalse(ledger.trained(other, lease(0, 0, 0), "old"));
    assertFalse(ledger.trained(next, lease(0, 0, 0), "old"));
    assertTrue(ledger.trained(next, lease(0, 0, 1), "new"));
    assertFalse(ledger.trained(next, lease(0, 0, 1), "again"));
    assertEquals(Optional.of(List.of("new")), ledger.complete());
  }

  @Test
  void aPrefetchedLeaseExpiresOnlyOnceItsStepMayBeComputed() {
    Ledger<String, String> ledger = new Ledger<>(1, 0, 10, 0, 1, 0);
    ledger.join("a", 2);
    ledger.grant(0);
    assertTrue(ledger.trained("a", lease(0, 0, 0), "r"));
    ledger.applied(5000);
    assertEquals(List.of(), ledger.expire(5000 + TIMEOUT - 1, TIMEOUT));
    assertEquals(
        List.of(new Assignment<>("a", lease(1, 0, 0))), ledger.expire(5000 + TIMEOUT, TIMEOUT));
  }

  @Test
  void stopsAtTheLastStep() {
    Ledger<String, String> ledger = new Ledger<>(1, 2, 3, 4, 4, 0);
    ledger.join("a", 9);
    assertEquals(List.of(new Assignment<>("a", lease(2, 0, 0))), ledger.grant(0));
    assertEquals(List.of(), ledger.grant(0));
  }

  @Test
  void aLostMicroBatchIsGrantedAgainAndItsStepIsOpenAgain() {
    Ledger<String, String> ledger = new Ledger<>(1, 0, 3, 0, 0, 0);
    ledger.join("a", 1);
    ledger.grant(0);
    ledger.trained("a", lease(0, 0, 0), "r");
    assertTrue(ledger.takeBack(new MicroBatchId(0, 0)));
    assertFalse(ledger.takeBack(new MicroBatchId(0, 0)), "it is back already");
    assertEquals(Optional.empty(), ledger.complete());
    assertEquals(List.of(new Assignment<>("a", lease(0, 0, 1))), ledger.grant(0));
  }

  /** Workers come, die, stall and answer in any order: every step completes exactly once. */
  @Property(tries = 200)
  void survivesAnyHistory(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int microBatches,
      @ForAll @IntRange(max = 3) int staleness,
      @ForAll @IntRange(max = 3) int lookahead) {
    int steps = 12;
    Ledger<Integer, MicroBatchId> ledger =
        new Ledger<>(microBatches, 0, steps, staleness, lookahead, 0);
    Random random = new Random(seed);
    List<Assignment<Integer>> out = new ArrayList<>();
    long now = 0;
    int born = 0;
    List<Integer> alive = new ArrayList<>();
    while (ledger.version() < steps) {
      now += random.nextInt(300);
      if (alive.isEmpty() || random.nextInt(10) == 0) {
        alive.add(born);
        ledger.join(born++, 1 + random.nextInt(3));
      }
      if (alive.size() > 1 && random.nextInt(12) == 0) {
        Integer dead = alive.get(random.nextInt(alive.size()));
        alive.removeIf(dead::equals);
        out.removeIf(held -> held.worker().equals(dead));
        ledger.leave(dead);
      }
      out.removeAll(ledger.expire(now, TIMEOUT));
      out.addAll(ledger.grant(now));
      if (!out.isEmpty() && random.nextInt(3) > 0) {
        Assignment<Integer> done = out.remove(random.nextInt(out.size()));
        boolean computable = done.lease().id().step() <= ledger.version() + staleness;
        if (computable) {
          assertTrue(ledger.trained(done.worker(), done.lease(), done.lease().id()));
        } else {
          out.add(done);
        }
      }
      Optional<List<MicroBatchId>> step = ledger.complete();
      if (step.isPresent()) {
        for (int index = 0; index < microBatches; index++) {
          assertEquals(new MicroBatchId(ledger.version(), index), step.get().get(index));
        }
        ledger.applied(now);
      }
    }
    assertEquals(List.of(), ledger.grant(now));
  }
}
