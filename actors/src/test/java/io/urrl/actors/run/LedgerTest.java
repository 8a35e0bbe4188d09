package io.urrl.actors.run;

import static io.urrl.actors.run.Results.lease;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.run.Ledger.Assignment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final long TIMEOUT = 1000;

  private static Result result(long step, int index, int attempt) {
    return Results.of(lease(step, index, attempt));
  }

  @Test
  void grantsInOrderAndWithinCapacity() {
    Ledger<String> ledger = new Ledger<>(2, 0, 10, 0, 1, 0);
    ledger.join("a", 2);
    ledger.grant(0);
    assertEquals(List.of(lease(0, 0, 0), lease(0, 1, 0)), ledger.leases("a"));
    ledger.join("b", 3);
    ledger.grant(0);
    assertEquals(
        List.of(lease(1, 0, 0), lease(1, 1, 0)),
        ledger.leases("b"),
        "no further than one step ahead");
    assertEquals(2, ledger.leases("a").size());
  }

  @Test
  void othersComputeWhatASilentWorkerHolds() {
    Ledger<String> ledger = new Ledger<>(2, 0, 10, 0, 0, 0);
    ledger.join("a", 1);
    ledger.join("b", 1);
    ledger.grant(0);
    assertTrue(ledger.doubt("a"));
    assertFalse(ledger.doubt("a"), "known");
    ledger.grant(0);
    assertEquals(List.of(lease(0, 0, 1), lease(0, 1, 0)), ledger.leases("b"));
    assertEquals(List.of(lease(0, 0, 0)), ledger.leases("a"), "it may be back");
    ledger.done(result(0, 0, 1), 0);
    ledger.done(result(0, 1, 0), 0);
    ledger.applied(0);
    ledger.grant(0);
    assertEquals(List.of(), ledger.leases("a"), "nothing new");
    ledger.trust("a");
    ledger.grant(0);
    assertEquals(1, ledger.leases("a").size());
  }

  @Test
  void whereNothingIsHeardOfAnyoneWorkIsGrantedAllTheSame() {
    Ledger<String> ledger = new Ledger<>(2, 0, 10, 0, 0, 0);
    ledger.join("a", 2);
    ledger.doubt("a");
    ledger.grant(0);
    assertEquals(2, ledger.leases("a").size());
  }

  @Test
  void saysOnceWhoseLeasesHaveChanged() {
    Ledger<String> ledger = new Ledger<>(2, 0, 10, 0, 0, 0);
    ledger.join("a", 1);
    ledger.join("b", 1);
    ledger.grant(0);
    assertEquals(List.of("a", "b"), ledger.takeChanged());
    ledger.grant(0);
    assertEquals(List.of(), ledger.takeChanged());
    ledger.done(result(0, 1, 0), 0);
    assertEquals(List.of("b"), ledger.takeChanged());
  }

  @Test
  void aDeadWorkersLeasesGoFirstAndOverCapacity() {
    Ledger<String> ledger = new Ledger<>(1, 0, 10, 0, 3, 0);
    ledger.join("a", 1);
    ledger.grant(0);
    ledger.join("b", 1);
    ledger.grant(0);
    assertEquals(List.of(lease(1, 0, 0)), ledger.leases("b"));
    ledger.leave("a");
    ledger.grant(0);
    assertEquals(
        List.of(lease(0, 0, 1), lease(1, 0, 0)),
        ledger.leases("b"),
        "b is full, but nothing can be computed before step 0");
  }

  @Test
  void aDeadlineGivesToASecondWorkerAndTakesNothingFromTheFirst() {
    Ledger<String> ledger = new Ledger<>(1, 0, 10, 0, 0, 0);
    ledger.join("a", 1);
    ledger.grant(0);
    assertEquals(List.of(), ledger.late(TIMEOUT, TIMEOUT), "nobody else is there");
    ledger.join("b", 1);
    ledger.join("c", 1);
    assertEquals(List.of(), ledger.late(TIMEOUT - 1, TIMEOUT));
    assertEquals(List.of(new Assignment<>("a", lease(0, 0, 0))), ledger.late(TIMEOUT, TIMEOUT));
    assertEquals(List.of(), ledger.late(TIMEOUT, TIMEOUT), "each is said once");
    ledger.grant(TIMEOUT);
    assertEquals(List.of(lease(0, 0, 0)), ledger.leases("a"));
    assertEquals(List.of(lease(0, 0, 1)), ledger.leases("b"));
    assertEquals(List.of(), ledger.late(9 * TIMEOUT, TIMEOUT), "two are enough");
  }

  @Test
  void whicheverAttemptComesFirstCountsAndOnce() {
    for (int first = 0; first < 2; first++) {
      Ledger<String> ledger = new Ledger<>(1, 0, 10, 0, 0, 0);
      ledger.join("a", 1);
      ledger.join("b", 1);
      ledger.grant(0);
      ledger.late(TIMEOUT, TIMEOUT);
      ledger.grant(TIMEOUT);
      Result early = result(0, 0, first);
      assertTrue(ledger.done(early, TIMEOUT).isPresent());
      assertTrue(ledger.done(early, TIMEOUT).isEmpty(), "said again");
      assertTrue(ledger.done(result(0, 0, 1 - first), TIMEOUT).isEmpty(), "one is enough");
      assertEquals(Optional.of(List.of(early)), ledger.complete());
      assertEquals(List.of(), ledger.leases("a"));
      assertEquals(List.of(), ledger.leases("b"));
    }
  }

  @Test
  void aResultThatWasSentAndDoesNotComeIsComputedAgain() {
    Ledger<String> ledger = new Ledger<>(1, 0, 10, 0, 0, 0);
    ledger.join("a", 1);
    ledger.grant(0);
    assertEquals(List.of(), ledger.lost(9 * Ledger.LOST_AFTER), "it is being computed");
    ledger.sent("a", lease(0, 0, 0), 100);
    ledger.sent("a", lease(0, 0, 0), 2000);
    assertEquals(List.of(), ledger.lost(100 + Ledger.LOST_AFTER - 1));
    assertEquals(
        List.of(new Assignment<>("a", lease(0, 0, 0))), ledger.lost(100 + Ledger.LOST_AFTER));
    ledger.grant(3000);
    assertEquals(List.of(lease(0, 0, 1)), ledger.leases("a"));
    ledger.sent("a", lease(0, 0, 0), 3000);
    assertEquals(
        List.of(), ledger.lost(3000 + Ledger.LOST_AFTER), "the new attempt was not sent yet");
  }

  @Test
  void aResultThatWasTakenForLostCountsWhenItComesLate() {
    Ledger<String> ledger = new Ledger<>(1, 0, 10, 0, 0, 0);
    ledger.join("a", 1);
    ledger.grant(0);
    ledger.sent("a", lease(0, 0, 0), 0);
    ledger.lost(Ledger.LOST_AFTER);
    ledger.grant(Ledger.LOST_AFTER);
    Result late = result(0, 0, 0);
    assertTrue(ledger.done(late, 3000).isPresent());
    assertEquals(Optional.of(List.of(late)), ledger.complete());
    assertEquals(List.of(), ledger.leases("a"), "the second attempt is of no use any more");
  }

  @Test
  void aResultOfAWorkerThatDiedCounts() {
    Ledger<String> ledger = new Ledger<>(1, 0, 10, 0, 0, 0);
    ledger.join("a", 1);
    ledger.grant(0);
    ledger.leave("a");
    assertTrue(ledger.done(result(0, 0, 0), 5).isPresent());
    ledger.join("b", 1);
    ledger.grant(5);
    assertEquals(List.of(), ledger.leases("b"));
  }

  @Test
  void whatWasNeverGrantedOrIsAppliedIsNoNews() {
    Ledger<String> ledger = new Ledger<>(1, 3, 10, 0, 0, 0);
    ledger.join("a", 1);
    ledger.grant(0);
    assertTrue(ledger.done(result(2, 0, 0), 0).isEmpty());
    assertTrue(ledger.done(result(4, 0, 0), 0).isEmpty());
    assertTrue(ledger.done(result(3, 1, 0), 0).isEmpty());
    assertEquals(List.of(lease(3, 0, 0)), ledger.leases("a"));
  }

  @Test
  void aPrefetchedLeaseIsLateOnlyOnceItsStepMayBeComputed() {
    Ledger<String> ledger = new Ledger<>(1, 0, 10, 0, 1, 0);
    ledger.join("a", 2);
    ledger.grant(0);
    ledger.join("b", 0);
    ledger.done(result(0, 0, 0), 4000);
    assertEquals(List.of(), ledger.late(4999, TIMEOUT));
    ledger.applied(5000);
    assertEquals(List.of(), ledger.late(5000 + TIMEOUT - 1, TIMEOUT));
    assertEquals(
        List.of(new Assignment<>("a", lease(1, 0, 0))), ledger.late(5000 + TIMEOUT, TIMEOUT));
  }

  @Test
  void aMicroBatchTakesFromTheOpeningOfItsStepOrItsGrantOn() {
    Ledger<String> ledger = new Ledger<>(1, 0, 10, 0, 1, 0);
    ledger.join("a", 2);
    ledger.grant(10);
    assertEquals(Optional.of(30L), ledger.done(result(0, 0, 0), 40));
    ledger.applied(100);
    assertEquals(Optional.of(7L), ledger.done(result(1, 0, 0), 107));
  }

  @Test
  void stopsAtTheLastStep() {
    Ledger<String> ledger = new Ledger<>(1, 2, 3, 4, 4, 0);
    ledger.join("a", 9);
    ledger.grant(0);
    assertEquals(List.of(lease(2, 0, 0)), ledger.leases("a"));
  }

  @Test
  void aMicroBatchThatIsWantedAgainOpensItsStepAgain() {
    Ledger<String> ledger = new Ledger<>(1, 0, 3, 0, 0, 0);
    ledger.join("a", 1);
    ledger.grant(0);
    ledger.done(result(0, 0, 0), 0);
    ledger.again(new MicroBatchId(0, 0));
    assertEquals(Optional.empty(), ledger.complete());
    ledger.grant(0);
    assertEquals(List.of(lease(0, 0, 1)), ledger.leases("a"));
    ledger.again(new MicroBatchId(1, 0));
    ledger.grant(0);
    assertEquals(List.of(lease(0, 0, 1)), ledger.leases("a"), "step 1 is not open");
  }

  @Test
  void aLeaseIsGivenBackByItsHolderAlone() {
    Ledger<String> ledger = new Ledger<>(1, 0, 3, 0, 0, 0);
    ledger.join("a", 1);
    ledger.grant(0);
    ledger.join("b", 1);
    assertFalse(ledger.giveBack("b", lease(0, 0, 0)));
    assertFalse(ledger.giveBack("a", lease(0, 0, 1)));
    assertTrue(ledger.giveBack("a", lease(0, 0, 0)));
    assertFalse(ledger.giveBack("a", lease(0, 0, 0)), "it is back already");
    ledger.leave("a");
    ledger.grant(0);
    assertEquals(List.of(lease(0, 0, 1)), ledger.leases("b"));
  }
}
