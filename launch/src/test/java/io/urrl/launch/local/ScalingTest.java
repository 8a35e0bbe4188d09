package io.urrl.launch.local;

import static io.urrl.launch.local.Nodes.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.launch.UsageException;
import io.urrl.launch.UserException;
import io.urrl.launch.config.NodeCounts;
import io.urrl.launch.local.ClusterState.Phase;
import io.urrl.launch.local.Wanted.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More nodes, and fewer. */
final class ScalingTest {
  private static final Wanted NONE = new Wanted(Nodes.BEGUN, false, "", List.of());
  private Wanted wanted = scaled(NONE, "trainer=1,parameters=1,gpu=2,augment=3");

  private static Wanted scaled(Wanted before, String counts, ClusterState.Node... states) {
    return Scaling.scaled(
        before,
        NodeCounts.parse(counts),
        new ClusterState(null, List.of(states), null),
        Nodes::node);
  }

  private static List<String> running(Wanted wanted) {
    return wanted.nodes().stream().filter(Node::runs).map(Node::name).sorted().toList();
  }

  @Test
  void aBeginningHasNumbersFromOne() {
    assertEquals(
        List.of(
            "augment-1", "augment-2", "augment-3", "gpu-1", "gpu-2", "parameters-1", "trainer-1"),
        running(wanted));
    assertEquals("trainer-1", wanted.nodes().getFirst().name());
  }

  @Test
  void theHighestNumbersLeaveAndTheirNamesAreFreeWhenTheyAreGone() {
    wanted = scaled(wanted, "augment=1");
    assertEquals(7, wanted.nodes().size());
    assertEquals(
        List.of("augment-1", "gpu-1", "gpu-2", "parameters-1", "trainer-1"), running(wanted));
    Wanted meanwhile = scaled(wanted, "augment=2", Nodes.state("augment-2", Phase.DRAINING));
    assertTrue(running(meanwhile).contains("augment-4"), running(meanwhile).toString());
    Wanted later =
        scaled(
            wanted,
            "augment=2",
            Nodes.state("augment-2", Phase.GONE),
            Nodes.state("augment-3", Phase.GONE));
    assertTrue(running(later).contains("augment-2"), running(later).toString());
    assertEquals(6, later.nodes().size());
  }

  @Test
  void numbersAreComparedAsNumbers() {
    wanted = scaled(wanted, "gpu=11");
    wanted = scaled(wanted, "gpu=10");
    assertTrue(running(wanted).contains("gpu-10"));
    assertEquals(10, running(wanted).stream().filter(name -> name.startsWith("gpu")).count());
  }

  @Test
  void aRunThatCouldNotGoOnIsRefused() {
    for (String role : List.of("trainer", "parameters")) {
      String message =
          assertThrows(UserException.class, () -> scaled(wanted, role + "=0")).getMessage();
      assertTrue(message.contains(role) && message.contains("urrl down"), message);
      assertThrows(UserException.class, () -> Scaling.drained(wanted, role + "-1"));
    }
    assertEquals(
        5, running(scaled(wanted, "gpu=0")).size(), "a run may wait for GPU workers to come");
  }

  @Test
  void aNodeThatIsSentAwayIsTheOneThatWasNamed() {
    assertEquals(
        List.of("augment-1", "augment-3", "gpu-1", "gpu-2", "parameters-1", "trainer-1"),
        running(Scaling.drained(wanted, "augment-2")));
    String message =
        assertThrows(UsageException.class, () -> Scaling.drained(wanted, "gpu2")).getMessage();
    assertTrue(message.endsWith("did you mean gpu-2?"), message);
  }

  @Test
  void aNodeOfSeveralRolesPlaysEach() {
    Wanted joined = scaled(NONE, "trainer+parameters=2,gpu=1,augment=1");
    Wanted one = Scaling.drained(joined, "trainer+parameters-1");
    assertThrows(UserException.class, () -> Scaling.drained(one, "trainer+parameters-2"));
    assertEquals(node("gpu-1", "gpu"), one.node("gpu-1").orElseThrow());
  }
}
