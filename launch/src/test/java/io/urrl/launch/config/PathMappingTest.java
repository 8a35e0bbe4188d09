package io.urrl.launch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths of hosts that have data elsewhere. */
final class PathMappingTest {
  private static final PathMapping RULES =
      PathMapping.of("gpu*:/data=/mnt/data, 10.0.0.7:/data/=/fast/ ,*:/home=/users");

  @ParameterizedTest
  @CsvSource({
    "gpu7,     /data/cifar10, /mnt/data/cifar10",
    "gpu7,     /data,         /mnt/data",
    "gpu7,     /database/x,   /database/x",
    "10.0.0.7, /data/cifar10, /fast/cifar10",
    "node1,    /data/cifar10, /data/cifar10",
    "node1,    /home/me/set,  /users/me/set",
    "gpu7,     shapes:seed=2, shapes:seed=2"
  })
  void theFirstRuleThatFitsHostAndPathCounts(String host, String path, String there) {
    assertEquals(there, RULES.on(List.of("127.0.0.1", host), path));
  }

  @Test
  void anEmptyTextMovesNothing() {
    assertEquals("/data", PathMapping.of(" ").on(List.of("a"), "/data"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/data=/mnt", "gpu*:/data", "gpu*:/data=", ":/a=/b", "a:=/b", "x:/a=/b,"})
  void whatIsNoMappingIsNamed(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> PathMapping.of(text)).getMessage();
    assertTrue(message.contains("give HOSTS:FROM=TO"), message);
  }
}
