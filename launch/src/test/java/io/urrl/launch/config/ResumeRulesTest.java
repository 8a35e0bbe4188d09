package io.urrl.launch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.urrl.launch.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The one table of what a resume may change. */
final class ResumeRulesTest {
  private static final Path DOCUMENT = Path.of("../docs/operations.md");

  private static Config config(String... pairs) {
    Map<String, String> keys = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      keys.put(pairs[i], pairs[i + 1]);
    }
    return SettingsLoader.config(ConfigFactory.empty(), null, keys);
  }

  @Test
  void everyKeyHasARule() {
    TreeSet<String> keys = new TreeSet<>();
    SettingsLoader.defaults()
        .getConfig("urrl")
        .entrySet()
        .forEach(entry -> keys.add(entry.getKey()));
    assertEquals(keys, ResumeRules.all().keySet());
  }

  @Test
  void theDocumentHasTheSameTable() throws IOException {
    String document = Files.readString(DOCUMENT);
    ResumeRules.all()
        .forEach(
            (key, rule) -> {
              String row =
                  document
                      .lines()
                      .filter(line -> line.startsWith("| ") && line.contains("`" + key + "`"))
                      .filter(
                          line ->
                              line.startsWith("| " + rule.name().toLowerCase(Locale.ROOT) + ":"))
                      .findFirst()
                      .orElse("");
              assertTrue(!row.isEmpty(), key + " is not in a row of rule " + rule);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "train.temperature, 0.3, 0.2",
    "train.batch, 32, 64",
    "train.staleness, 1, 0",
    "train.weight-decay, 0.1, 5.0e-4",
    "encoder.image-size, 64, 32",
  })
  void whatMakesAnotherRunIsNamedWithBothValues(String key, String now, String before) {
    UsageException failure =
        assertThrows(UsageException.class, () -> ResumeRules.check(config(), config(key, now)));
    assertEquals(
        "%s is %s and was %s when the run began; leave it out, or begin another --run"
            .formatted(key, now, before),
        failure.getMessage());
  }

  @Test
  void whatDecidesLastBitsMayChangeOnlyWhereThatIsAdmitted() {
    Config two = config("workers.tensor-threads", "2", "workers.tensor-isa", "avx2");
    Config three = config("workers.tensor-threads", "3", "workers.tensor-isa", "avx2");
    String text =
        assertThrows(UsageException.class, () -> ResumeRules.check(two, three)).getMessage();
    assertTrue(text.startsWith("workers.tensor-threads is 3 and was 2 when the run began"), text);
    assertTrue(text.endsWith("--set train.exact=relaxed"), text);
    Config relaxed =
        config(
            "workers.tensor-threads", "3", "workers.tensor-isa", "avx2", "train.exact", "relaxed");
    assertEquals(
        List.of("workers.tensor-threads is 3 and was 2", "train.exact is relaxed and was strict"),
        ResumeRules.check(two, relaxed));
  }

  /** 24 is not a multiple of the micro-batch either: that it is another batch comes first. */
  @Test
  void aValueThatWouldNotFitIsRefusedForBeingAnother() {
    Config before = config("train.batch", "16", "train.micro-batch", "16");
    Config now = config("train.batch", "24", "train.micro-batch", "16");
    String text =
        assertThrows(UsageException.class, () -> ResumeRules.check(before, now)).getMessage();
    assertTrue(text.startsWith("train.batch is 24 and was 16 when the run began"), text);
  }

  @Test
  void theCourseMayChangeAndIsTold() {
    assertEquals(
        List.of("train.epochs is 9 and was 6", "train.lr is 0.1 and was 0.15"),
        ResumeRules.check(
            config(), config("train.lr", "0.1", "train.epochs", "9", "workers.gpu", "2")));
  }

  @Test
  void theSameNumberWrittenOtherwiseIsTheSame() {
    assertEquals(List.of(), ResumeRules.check(config(), config("train.temperature", "0.20")));
    String seed = Long.toString(Long.MAX_VALUE);
    String near = Long.toString(Long.MAX_VALUE - 1);
    assertThrows(
        UsageException.class,
        () -> ResumeRules.check(config("train.seed", seed), config("train.seed", near)));
  }
}
