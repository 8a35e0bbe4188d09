package io.urrl.launch.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.urrl.launch.NearestWords;
import io.urrl.launch.UsageException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that there are and the kind of value that each takes, as {@link SettingsTable} has them.
 * What stands under {@code pekko} is Pekko's own business.
 */
final class Schema {
  private static final String PEKKO = "pekko";
  private static final Comparator<String> SHORT_KEYS_FIRST =
      Comparator.<String>comparingInt(key -> key.split("\\.", -1).length)
          .thenComparing(Comparator.naturalOrder());

  private final Config defaults;

  /**
   * @param defaults every key with its default
   */
  Schema(Config defaults) {
    this.defaults = defaults;
  }

  /**
   * Checks every key and value.
   *
   * @param config resolved, defaults included
   * @throws UsageException for the first key that is unknown and the first value of a wrong kind;
   *     names where it stands, the key, and what is expected
   */
  void check(Config config) {
    check(List.of(), config.root());
  }

  private void check(List<String> above, ConfigObject section) {
    for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
      List<String> path = new ArrayList<>(above);
      path.add(entry.getKey());
      String key = ConfigUtil.joinPath(path);
      ConfigValue value = entry.getValue();
      if (key.equals(PEKKO)) {
        continue;
      }
      Optional<Setting<?>> setting = setting(key);
      if (setting.isPresent()) {
        require(setting.get().kind(), key, value);
      } else if (!isSection(key)) {
        throw unknown(path, value);
      } else if (value instanceof ConfigObject below) {
        check(path, below);
      } else {
        throw wrong(key, value, "a section such as { " + first(key) + " }");
      }
    }
  }

  private static Optional<Setting<?>> setting(String path) {
    return path.startsWith(Setting.ROOT)
        ? SettingsTable.named(SettingsLoader.plain(path))
        : Optional.empty();
  }

  private static boolean isSection(String path) {
    return SettingsTable.all().stream().anyMatch(setting -> setting.path().startsWith(path + "."));
  }

  private static void require(Setting.Kind kind, String key, ConfigValue value) {
    if (!isScalar(value) || !kind.fits(String.valueOf(value.unwrapped()))) {
      throw wrong(key, value, kind.expected());
    }
  }

  private static UsageException wrong(String key, ConfigValue value, String expected) {
    return new UsageException(
        "%s: %s is %s; expected is %s".formatted(place(value), key, value.render(), expected));
  }

  /** The first key of an unknown section is what was meant; a section's own name says less. */
  private UsageException unknown(List<String> path, ConfigValue value) {
    String key = ConfigUtil.joinPath(path);
    String prefixed = Setting.ROOT + key;
    if (setting(prefixed).isPresent() || isSection(prefixed)) {
      return new UsageException(
          "%s: unknown key %s; did you mean %s?".formatted(place(value), key, prefixed));
    }
    if (value instanceof ConfigObject below && !below.isEmpty()) {
      Map.Entry<String, ConfigValue> first = below.entrySet().iterator().next();
      List<String> deeper = new ArrayList<>(path);
      deeper.add(first.getKey());
      return unknown(deeper, first.getValue());
    }
    List<String> meant = nearest(key);
    String help = meant.isEmpty() ? "; urrl config shows all keys" : NearestWords.question(meant);
    return new UsageException("%s: unknown key %s%s".formatted(place(value), key, help));
  }

  /** Where a value was written: file and line, or the command line. */
  private static String place(ConfigValue value) {
    return value.origin().description();
  }

  private String first(String section) {
    return SettingsTable.all().stream()
        .map(Setting::path)
        .filter(path -> path.startsWith(section + "."))
        .findFirst()
        .map(
            path -> path.substring(section.length() + 1) + " = " + defaults.getValue(path).render())
        .orElseThrow();
  }

  private static boolean isScalar(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> true;
      case OBJECT, LIST, NULL -> false;
    };
  }

  /**
   * The keys that may be meant by one that there is not. Those with the same last part come first,
   * then those whose last part is spelt alike; the section decides among them where it is near one.
   */
  private List<String> nearest(String key) {
    String name = last(key);
    List<String> known =
        SettingsTable.all().stream().<String>map(Setting::path).sorted(SHORT_KEYS_FIRST).toList();
    List<String> same = known.stream().filter(candidate -> last(candidate).equals(name)).toList();
    if (same.isEmpty()) {
      int least =
          known.stream()
              .filter(candidate -> NearestWords.near(name, last(candidate)))
              .mapToInt(candidate -> NearestWords.distance(name, last(candidate)))
              .min()
              .orElse(-1);
      same =
          known.stream()
              .filter(candidate -> NearestWords.distance(name, last(candidate)) == least)
              .toList();
    }
    List<String> inSection =
        same.stream()
            .filter(candidate -> NearestWords.near(section(key), section(candidate)))
            .toList();
    return inSection.isEmpty() ? same : List.of(inSection.getFirst());
  }

  /** The part of a key before its name, without what all keys begin with. */
  private static String section(String key) {
    String above = key.contains(".") ? key.substring(0, key.lastIndexOf('.')) : "";
    String root = Setting.ROOT;
    return (above + ".").equals(root)
        ? ""
        : above.substring(above.startsWith(root) ? root.length() : 0);
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }
}
