package io.urrl.launch.local;

import static io.urrl.launch.local.Nodes.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.urrl.launch.local.Wanted.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whom a node joins by: no two clusters may begin. */
final class SeedsTest {
  private static final Node TRAINER = node("trainer-1", "trainer");
  private static final Node GPU = node("gpu-1", "gpu");
  private static final Node AUGMENT = node("augment-1", "augment");
  private static final Wanted WANTED = Nodes.wanted(TRAINER, GPU, AUGMENT);
  private static final Fact JOINING = new Fact.Alive(false);
  private static final Fact UP = new Fact.Alive(true);

  private static List<String> seeds(Node node, Map<String, Fact> facts) {
    return Seeds.of(node, Optional.of(TRAINER), WANTED, facts);
  }

  @Test
  void theFirstOfAllBeginsAClusterAtOnce() {
    assertEquals(List.of(TRAINER.address()), seeds(TRAINER, Map.of()));
    assertEquals(List.of(TRAINER.address()), seeds(GPU, Map.of()));
  }

  @Test
  void aFounderThatComesBackJoinsTheMembers() {
    assertEquals(
        List.of(AUGMENT.address(), GPU.address()),
        seeds(TRAINER, Map.of("gpu-1", JOINING, "augment-1", UP)));
  }

  @Test
  void aFounderThatComesBackBeforeAnyJoinedAsksThemFirst() {
    assertEquals(
        List.of(TRAINER.address(), GPU.address()), seeds(TRAINER, Map.of("gpu-1", JOINING)));
  }

  @Test
  void nobodyElseMayBeginOne() {
    for (Map<String, Fact> facts :
        List.of(
            Map.<String, Fact>of(),
            Map.<String, Fact>of("augment-1", UP),
            Map.<String, Fact>of("augment-1", JOINING))) {
      assertFalse(seeds(GPU, facts).contains(GPU.address()));
      assertFalse(seeds(GPU, facts).isEmpty());
    }
  }
}
