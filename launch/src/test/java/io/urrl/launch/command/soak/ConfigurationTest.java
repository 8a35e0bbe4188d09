package io.urrl.launch.command.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.launch.UserException;
import io.urrl.launch.config.SettingsLoader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Configurations and the plan that they share. */
final class ConfigurationTest {
  private static final Plan PLAN = Plan.of(Map.of(), 12);

  private static Configuration one(String name) {
    return Configuration.parse(List.of(name)).getFirst();
  }

  @Test
  void variationsCanBeJoinedInAnyOrder() {
    Configuration joined = one("udp+small-young+gpu-workers-2");
    assertEquals("small-young+gpu-workers-2+udp", joined.name());
    assertEquals(List.of("-Xmn8m"), joined.jvmFlags());
    assertEquals("2", joined.settings().get("workers.gpu"));
    assertEquals("1", joined.settings().get("workers.augment"));
    assertEquals("udp", joined.settings().get("stream.mode"));
  }

  @Test
  void theNumberOfTensorThreadsAloneMakesTheGroup() {
    String plain = one("default").group();
    for (Configuration configuration : Configuration.all()) {
      boolean twoThreads = configuration.name().contains("tensor-threads-2");
      assertEquals(!twoThreads, configuration.group().equals(plain), configuration.name());
    }
    assertNotEquals(plain, one("tensor-threads-2").group());
  }

  @Test
  void everyVariationIsAmongAllAndInTheHelp() {
    String help = new CommandLine(new io.urrl.launch.command.SoakCommand()).getUsageMessage();
    for (Variation variation : Variation.values()) {
      assertTrue(
          Configuration.all().stream().anyMatch(one -> one.name().contains(variation.title())));
      assertTrue(help.contains("  " + variation.title() + "  "), variation.title());
    }
  }

  @Test
  void anUnknownNameIsNamedBesideTheKnownOnes() {
    UserException e =
        assertThrows(UserException.class, () -> Configuration.parse(List.of("udp+tcp")));
    assertTrue(e.getMessage().startsWith("configuration udp+tcp is unknown; give all, or"));
    assertTrue(e.getMessage().contains("small-young"));
  }

  @Test
  void theSettingsOfAllRunsAreSettings() {
    for (Configuration configuration : Configuration.all()) {
      SettingsLoader.load(null, PLAN.ofShortRun(configuration));
      SettingsLoader.load(null, PLAN.ofLongRun(configuration));
    }
  }

  @Test
  void whatConfigurationsDecideCannotBeSet() {
    for (String key : List.of("workers.gpu", "urrl.workers.tensor-threads", "train.max-steps")) {
      UserException e = assertThrows(UserException.class, () -> Plan.of(Map.of(key, "2"), 12), key);
      assertTrue(e.getMessage().contains("cannot be set"), e.getMessage());
    }
  }

  @Test
  void stalenessIsRefused() {
    assertThrows(UserException.class, () -> Plan.of(Map.of("train.staleness", "1"), 12));
  }

  @Test
  void anotherPlanProgramOrLibraryIsAnotherSubject() {
    String name = Subject.name("program", "machine", Map.of("PATH", "/bin"), PLAN);
    assertEquals(name, Subject.name("program", "machine", Map.of("PATH", "/usr/bin"), PLAN));
    assertNotEquals(name, Subject.name("other", "machine", Map.of(), PLAN));
    assertNotEquals(name, Subject.name("program", "other", Map.of(), PLAN));
    assertNotEquals(
        name, Subject.name("program", "machine", Map.of("ATEN_CPU_CAPABILITY", "avx2"), PLAN));
    assertNotEquals(
        name, Subject.name("program", "machine", Map.of(), Plan.of(Map.of("train.seed", "2"), 12)));
    assertNotEquals(name, Subject.name("program", "machine", Map.of(), Plan.of(Map.of(), 13)));
  }
}
