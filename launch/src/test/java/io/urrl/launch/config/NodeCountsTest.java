package io.urrl.launch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.launch.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many nodes of which kind. */
final class NodeCountsTest {

  @Test
  void kindsKeepTheirOrderAndRolesHaveOne() {
    NodeCounts counts = NodeCounts.parse("gpu=2, parameters+trainer=1,augment=0");
    assertEquals(
        List.of("gpu", "trainer+parameters", "augment"), List.copyOf(counts.counts().keySet()));
    assertEquals(1, counts.playing("trainer"));
    assertEquals(1, counts.playing("parameters"));
    assertEquals(2, counts.playing("gpu"));
    assertEquals(0, counts.playing("augment"));
    assertEquals(List.of("trainer", "parameters"), NodeCounts.roles("trainer+parameters"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpus=2           | role 'gpus' is unknown: give trainer, parameters, gpu, augment,"
            + " evaluate; did you mean gpu?",
        "trainer+gup=1    | did you mean gpu?",
        "gpu              | 'gpu' is no number of nodes; give KIND=NUMBER, such as gpu=2",
        "gpu=             | gpu=: a number of nodes is from 0 to 1000",
        "gpu=-1           | gpu=-1: a number of nodes is from 0 to 1000",
        "gpu=1001         | from 0 to 1000",
        "gpu=1,gpu=2      | nodes of kind gpu are given twice",
        "gpu+gpu=1        | kind gpu+gpu names a role twice",
        "''               | '' is no number of nodes",
      })
  void whatCannotBeMeantIsNamed(String text, String said) {
    String message = assertThrows(UsageException.class, () -> NodeCounts.parse(text)).getMessage();
    assertTrue(message.contains(said), message);
  }

  @Test
  void aClusterThatCannotTrainIsRefused() {
    String message =
        assertThrows(
                UsageException.class,
                () -> NodeCounts.parse("trainer=1,parameters=1,gpu=1").requireWhole())
            .getMessage();
    assertTrue(message.contains("role augment") && message.contains("augment=1"), message);
    NodeCounts whole = NodeCounts.parse("trainer+parameters+gpu+augment=1");
    assertEquals(whole, whole.requireWhole());
  }
}
