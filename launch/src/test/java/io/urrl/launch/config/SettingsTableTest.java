package io.urrl.launch.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of settings beside {@code cluster.conf} and the documentation. */
final class SettingsTableTest {
  private static final Path DOCUMENT = Path.of("../docs/operations.md");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final Config DEFAULTS = SettingsLoader.defaults();

  private static Set<String> keys(List<Setting<?>> settings) {
    return settings.stream().map(Setting::key).collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theDefaultsAreThoseOfTheSameKeysInTheSameOrder() {
    Set<String> written = new TreeSet<>();
    DEFAULTS.entrySet().forEach(entry -> written.add(SettingsLoader.plain(entry.getKey())));
    assertEquals(written, keys(SettingsTable.all()));
    List<Integer> lines = new ArrayList<>();
    for (Setting<?> setting : SettingsTable.all()) {
      lines.add(DEFAULTS.getValue(setting.path()).origin().lineNumber());
    }
    assertEquals(lines.stream().sorted().toList(), lines, "lines of the keys in cluster.conf");
  }

  @Test
  void everyDefaultIsOfItsKindAndInItsBounds() {
    for (Setting<?> setting : SettingsTable.all()) {
      ConfigValue value = DEFAULTS.getValue(setting.path());
      assertTrue(setting.kind().fits(String.valueOf(value.unwrapped())), setting.key());
      assertEquals(
          setting.kind() == Setting.Kind.TEXT,
          value.valueType() == ConfigValueType.STRING,
          setting.key());
      assertDoesNotThrow(() -> setting.of(DEFAULTS), setting.key());
    }
  }

  @Test
  void theCommentOfAChoiceNamesAllItsWords() {
    int choices = 0;
    for (Setting<?> setting : SettingsTable.all()) {
      String comment = String.join(" ", DEFAULTS.getValue(setting.path()).origin().comments());
      List<String> named = Arrays.asList(comment.split("[^a-z0-9-]+", -1));
      assertTrue(named.containsAll(setting.words()), setting.key() + ": " + comment);
      choices += setting.words().isEmpty() ? 0 : 1;
    }
    assertTrue(choices > 0);
  }

  @ParameterizedTest
  @EnumSource
  void theDocumentHasTheSameKeysUnderEachResumeRule(ResumeRule rule) throws IOException {
    String begin = "| " + rule.name().toLowerCase(Locale.ROOT) + ":";
    List<String> rows =
        Files.readAllLines(DOCUMENT).stream().filter(line -> line.startsWith(begin)).toList();
    assertEquals(1, rows.size(), begin);
    String column = rows.getFirst().split("\\|", -1)[2];
    Set<String> documented =
        QUOTED.matcher(column).results().map(found -> found.group(1)).collect(Collectors.toSet());
    List<Setting<?>> ruled =
        SettingsTable.all().stream().filter(setting -> setting.rule() == rule).toList();
    assertEquals(keys(ruled), new TreeSet<>(documented));
  }

  @ParameterizedTest
  @EnumSource
  void noTwoSettingsHaveTheSameFlagInACommand(Setting.Use command) {
    Set<String> names = new HashSet<>();
    for (Setting<?> setting : SettingsTable.all()) {
      setting.flag(command).ifPresent(flag -> assertTrue(names.add(flag.name()), flag.name()));
    }
    assertFalse(names.isEmpty());
  }
}
