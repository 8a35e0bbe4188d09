package io.urrl.launch.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.urrl.launch.UserException;
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
   * @throws UserException for the first key that is unknown and the first value of a wrong kind;
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
        throw new UserException(
            "%s: unknown key %s; did you mean %s?".formatted(place(value), key, nearest(key)));
      }
      ConfigValue known = defaults.getValue(key);
      if (known instanceof ConfigObject && value instanceof ConfigObject below) {
        check(path, below);
      } else if (!fits(key, known, value)) {
        throw new UserException(
            "%s: %s is %s; expected is %s"
                .formatted(place(value), key, value.render(), expected(key, known)));
      }
    }
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

  private String nearest(String key) {
    return defaults.entrySet().stream()
        .map(Map.Entry::getKey)
        .min(
            Comparator.<String>comparingInt(known -> unlikeness(known, key))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  /** Edits between the keys, or between their last parts where only the section is wrong. */
  private static int unlikeness(String known, String key) {
    return Math.min(distance(known, key), 1 + distance(last(known), last(key)));
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** Edits that turn one text into the other (Levenshtein). */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
