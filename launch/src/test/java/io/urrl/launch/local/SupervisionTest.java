package io.urrl.launch.local;

import static io.urrl.launch.local.Nodes.node;
import static io.urrl.launch.local.Nodes.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.launch.local.ClusterState.End;
import io.urrl.launch.local.ClusterState.Phase;
import io.urrl.launch.local.Supervision.Action;
import io.urrl.launch.local.Wanted.Node;
import io.urrl.launch.local.Wanted.Wish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What is decided about nodes, without any process. */
final class SupervisionTest {
  private static final Node TRAINER = node("trainer-1", "trainer");
  private static final Node SHARD = node("parameters-1", "parameters");
  private static final Node GPU = node("gpu-1", "gpu");
  private static final Node AUGMENT = node("augment-1", "augment");

  private final Supervision supervision = new Supervision();
  private final Map<String, Fact> facts = new HashMap<>();
  private Wanted wanted = wanted(TRAINER, SHARD, GPU, AUGMENT);
  private Optional<End> over = Optional.empty();
  private long now = 5_000_000;

  private List<Action> look() {
    return supervision.look(now, wanted, facts, over);
  }

  private List<Action> after(long millis) {
    now += millis;
    return look();
  }

  private static List<String> started(List<Action> actions) {
    List<String> names = new ArrayList<>();
    for (Action action : actions) {
      if (action instanceof Action.Start start) {
        names.add(start.node().name());
      }
    }
    return names;
  }

  private static List<Action> orders(List<Action> actions) {
    return actions.stream()
        .filter(action -> !(action instanceof Action.Say || action instanceof Action.Start))
        .toList();
  }

  private void ended(Node node, int code) {
    facts.put(node.name(), new Fact.Ended(OptionalInt.of(code)));
  }

  private void up(Node... nodes) {
    for (Node node : nodes) {
      facts.put(node.name(), new Fact.Alive(true));
    }
  }

  private void allUp() {
    look();
    up(TRAINER, SHARD, GPU, AUGMENT);
    assertEquals(List.of(), orders(look()));
  }

  @Test
  void everythingIsStartedOnceAndJoinsByTheFounder() {
    List<Action> first = look();
    assertEquals(List.of("trainer-1", "parameters-1", "gpu-1", "augment-1"), started(first));
    for (Action action : first) {
      if (action instanceof Action.Start start) {
        assertEquals(List.of(TRAINER.address()), start.seeds());
      }
    }
    wanted.nodes().forEach(node -> facts.put(node.name(), new Fact.Alive(false)));
    assertEquals(List.of(), after(100_000));
  }

  @Test
  void aDeadNodeStartsAgainAfterPausesThatDoubleUntilItWasCalm() {
    allUp();
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      // Long enough to have proved itself, not to be calm.
      now += Supervision.PROVED_MILLIS + 1;
      ended(GPU, 137);
      assertEquals(List.of(), started(look()));
      long pause = 0;
      while (started(after(100)).isEmpty()) {
        pause += 100;
      }
      pauses.add(pause + 100);
      up(GPU);
      look();
    }
    assertEquals(List.of(200L, 400L, 800L, 1600L, 3200L, 6400L, 10000L, 10000L, 10000L), pauses);
    assertEquals(9, supervision.restarts("gpu-1"));
    now += Supervision.CALM_MILLIS;
    ended(GPU, 137);
    look();
    assertEquals(List.of("gpu-1"), started(after(Supervision.FIRST_PAUSE_MILLIS)));
  }

  @Test
  void aNodeThatFailsAtItsStartAgainAndAgainIsGivenUpAndTheOthersGoOn() {
    Node other = node("gpu-2", "gpu");
    wanted = wanted(TRAINER, SHARD, GPU, AUGMENT, other);
    up(other);
    allUp();
    List<Action> last = List.of();
    int failures = 0;
    while (orders(last).isEmpty()) {
      ended(GPU, 1);
      last = look();
      failures++;
      assertTrue(failures <= Supervision.MOST_FAILURES);
      after(Supervision.LONGEST_PAUSE_MILLIS);
    }
    assertEquals(Supervision.MOST_FAILURES, failures);
    assertEquals(
        new Action.GiveUp(
            "gpu-1",
            "gpu-1 ended with exit code 1 for the 5th time in a row and is not started again"),
        orders(last).getFirst());
    assertEquals(Phase.FAILED, supervision.phase("gpu-1"));
    assertEquals(List.of(), after(1_000_000));
    assertTrue(supervision.end().isEmpty());
  }

  @Test
  void aNodeThatIsLostAgainAndAgainIsNotGivenUp() {
    allUp();
    for (int i = 0; i < 20; i++) {
      ended(GPU, Supervision.LOST);
      assertEquals(List.of(), orders(look()));
      assertEquals(List.of("gpu-1"), started(after(Supervision.LONGEST_PAUSE_MILLIS)));
    }
  }

  @Test
  void aNodeThatSomebodyEndedByHandStartsAgain() {
    allUp();
    ended(AUGMENT, 0);
    look();
    assertEquals(List.of("augment-1"), started(after(Supervision.FIRST_PAUSE_MILLIS)));
  }

  @Test
  void whenNobodyPlaysARoleAnyMoreTheClusterHasFailedAndEnds() {
    allUp();
    for (int i = 0; i < Supervision.MOST_FAILURES; i++) {
      ended(SHARD, 1);
      look();
      after(Supervision.LONGEST_PAUSE_MILLIS);
    }
    assertTrue(supervision.end().orElseThrow().failed());
    assertTrue(supervision.end().orElseThrow().text().contains("role parameters"));
    assertEquals(Phase.DRAINING, supervision.phase("gpu-1"));
  }

  @Test
  void aNodeThatIsSentAwayIsToldOnceThenEndedAndNotStartedAgain() {
    allUp();
    wanted = wanted.with("gpu-1", one -> one.with(Wish.DRAIN));
    assertEquals(List.of(new Action.Terminate("gpu-1")), orders(look()));
    assertEquals(List.of(), after(Supervision.DRAIN_MILLIS - 1));
    assertEquals(List.of(new Action.Kill("gpu-1")), orders(after(1)));
    assertEquals(List.of(), after(1000));
    ended(GPU, 137);
    look();
    assertEquals(Phase.GONE, supervision.phase("gpu-1"));
    assertEquals(List.of(), after(100_000));
    assertFalse(supervision.finished());
    wanted = wanted.with("gpu-1", one -> one.with(Wish.RUN));
    look();
    assertEquals(List.of("gpu-1"), started(look()));
    assertEquals(0, supervision.restarts("gpu-1"));
  }

  @Test
  void aStopAsksForACheckpointFirstAndStartsAgainWhatDiesMeanwhile() {
    allUp();
    wanted = wanted.stop();
    assertEquals(List.of(new Action.AskForTheEnd()), orders(look()));
    ended(TRAINER, 137);
    assertEquals(List.of(), orders(look()));
    assertEquals(List.of("trainer-1"), started(after(Supervision.FIRST_PAUSE_MILLIS)));
    up(TRAINER);
    assertEquals(List.of(), orders(look()));
    over = Optional.of(new End(End.STOPPED, "stopped", 12));
    assertEquals(
        List.of(
            new Action.Terminate("trainer-1"),
            new Action.Terminate("parameters-1"),
            new Action.Terminate("gpu-1"),
            new Action.Terminate("augment-1")),
        orders(look()));
    assertFalse(supervision.finished());
    wanted.nodes().forEach(node -> ended(node, 0));
    look();
    assertTrue(supervision.finished());
    assertEquals(over, supervision.end());
  }

  @Test
  void aStopThatNobodyAnswersEndsAllTheSame() {
    allUp();
    wanted = wanted.stop();
    look();
    assertEquals(List.of(), orders(after(Supervision.STOP_MILLIS - 1)));
    assertEquals(4, orders(after(1)).size());
    assertEquals(-1, supervision.end().orElseThrow().version());
    assertEquals(List.of(), orders(after(Supervision.END_MILLIS - 1)));
    assertEquals(new Action.Kill("trainer-1"), orders(after(1)).getFirst());
  }

  @Test
  void aRunThatIsOverTakesItsClusterDown() {
    allUp();
    over = Optional.of(new End(End.DONE, "done", 30));
    assertEquals(4, orders(look()).size());
    wanted.nodes().forEach(node -> ended(node, 0));
    look();
    assertTrue(supervision.finished());
  }

  @Test
  void nothingThatLivesIsStartedByASuccessorAndDrainingNodesAreNotToldTwice() {
    supervision.adopt(Nodes.state("trainer-1", Phase.RUNNING));
    supervision.adopt(Nodes.state("gpu-1", Phase.DRAINING));
    supervision.adopt(Nodes.state("augment-1", Phase.WAITING));
    wanted = wanted.with("gpu-1", one -> one.with(Wish.DRAIN));
    up(TRAINER, SHARD, GPU);
    List<Action> first = look();
    assertEquals(List.of("augment-1"), started(first));
    assertEquals(List.of(), orders(first));
    assertEquals(List.of(new Action.Kill("gpu-1")), orders(after(Supervision.DRAIN_MILLIS)));
  }

  @Test
  void aNodeThatDiedWhileNobodyWatchedIsStartedAgain() {
    supervision.adopt(Nodes.state("gpu-1", Phase.RUNNING));
    wanted = wanted(TRAINER, SHARD, GPU, AUGMENT);
    up(TRAINER, SHARD, AUGMENT);
    look();
    assertEquals(List.of("gpu-1"), started(after(Supervision.FIRST_PAUSE_MILLIS)));
  }
}
