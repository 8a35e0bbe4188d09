package io.urrl.launch.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.urrl.launch.UsageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a resume may change, and what is said of it. */
final class ResumeRulesTest {
  private static Config config(String... pairs) {
    Map<String, String> keys = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      keys.put(pairs[i], pairs[i + 1]);
    }
    return SettingsLoader.config(ConfigFactory.empty(), null, keys);
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
        List.of("train.exact is relaxed and was strict", "workers.tensor-threads is 3 and was 2"),
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
