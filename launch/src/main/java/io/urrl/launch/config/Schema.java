package io.urrl.launch.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.urrl.launch.NearestWords;
import io.urrl.launch.UsageException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The keys that there are, and the kind of value that each takes: both are read off the defaults,
 * so that {@code cluster.conf} says everything once. What stands under {@code pekko} is Pekko's own
 * business.
 */
final class Schema {
  private static final String PEKKO = "pekko";
  private static final String ROOT = "urrl";
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
      if (!defaults.hasPath(key)) {
        throw unknown(path, value);
      }
      ConfigValue known = defaults.getValue(key);
      if (known instanceof ConfigObject && value instanceof ConfigObject below) {
        check(path, below);
      } else if (!fits(key, known, value)) {
        throw new UsageException(
            "%s: %s is %s; expected is %s"
                .formatted(place(value), key, value.render(), expected(key, known)));
      }
    }
  }

  /** The first key of an unknown section is what was meant; a section's own name says less. */
  private UsageException unknown(List<String> path, ConfigValue value) {
    String key = ConfigUtil.joinPath(path);
    String prefixed = ROOT + "." + key;
    if (defaults.hasPath(prefixed)) {
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

  private boolean fits(String key, ConfigValue known, ConfigValue value) {
    String text = String.valueOf(value.unwrapped());
    return switch (known.valueType()) {
      case OBJECT, NULL -> false;
      case LIST -> value.valueType() == ConfigValueType.LIST;
      case BOOLEAN -> text.equals("true") || text.equals("false");
      case NUMBER -> isScalar(value) && (isWhole(key) ? isLong(text) : isFinite(text));
      case STRING -> isScalar(value);
    };
  }

  private String expected(String key, ConfigValue known) {
    return switch (known.valueType()) {
      case OBJECT, NULL -> "a section such as { " + first(key) + " }";
      case LIST -> "a list";
      case BOOLEAN -> "true or false";
      case NUMBER -> isWhole(key) ? "a whole number" : "a number";
      case STRING -> "a text";
    };
  }

  private String first(String section) {
    Map.Entry<String, ConfigValue> entry = defaults.getConfig(section).entrySet().iterator().next();
    return entry.getKey() + " = " + entry.getValue().render();
  }

  private static boolean isScalar(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> true;
      case OBJECT, LIST, NULL -> false;
    };
  }

  /** Whether the default is written without a decimal point: 20.0 may be a fraction, 20 not. */
  private boolean isWhole(String key) {
    return isLong(defaults.getString(key));
  }

  private static boolean isLong(String text) {
    try {
      Long.parseLong(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isFinite(String text) {
    try {
      return Double.isFinite(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * The keys that may be meant by one that there is not. Those with the same last part come first,
   * then those whose last part is spelt alike; the section decides among them where it is near one.
   */
  private List<String> nearest(String key) {
    String name = last(key);
    List<String> known =
        defaults.entrySet().stream().map(Map.Entry::getKey).sorted(SHORT_KEYS_FIRST).toList();
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
    return above.equals(ROOT)
        ? ""
        : above.substring(above.startsWith(ROOT) ? ROOT.length() + 1 : 0);
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }
}
