package io.urrl.launch.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.urrl.launch.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;

/** Puts settings together: the defaults, then a file, then single keys. */
public final class SettingsLoader {
  private static final String DEFAULTS = "cluster.conf";
  private static final String ROOT = "urrl.";
  private static final String PEKKO = "pekko.";

  /** The defaults of {@code cluster.conf}. */
  public static Config defaults() {
    return ConfigFactory.parseResources(SettingsLoader.class.getClassLoader(), DEFAULTS);
  }

  /**
   * Loads settings.
   *
   * @param file overrides the defaults; null for none
   * @param keys override both; keys may leave out {@code urrl.}
   * @throws UserException for an unknown key or a wrong value
   */
  public static Settings load(Path file, Map<String, String> keys) {
    Config defaults = defaults();
    Config merged = file == null ? ConfigFactory.empty() : parse(file, defaults);
    for (Map.Entry<String, String> key : keys.entrySet()) {
      String path = qualified(key.getKey());
      check(path, defaults, "--set");
      merged = merged.withValue(path, ConfigValueFactory.fromAnyRef(key.getValue()));
    }
    return Settings.of(merged.withFallback(defaults).resolve());
  }

  private static Config parse(Path file, Config defaults) {
    if (!Files.isReadable(file)) {
      throw new UserException("settings file " + file + " does not exist or cannot be read");
    }
    Config parsed;
    try {
      parsed = ConfigFactory.parseFile(file.toFile());
    } catch (ConfigException e) {
      throw new UserException(file + " is no valid settings file: " + e.getMessage(), e);
    }
    parsed.entrySet().forEach(entry -> check(entry.getKey(), defaults, file.toString()));
    return parsed;
  }

  private static String qualified(String key) {
    return key.startsWith(ROOT) || key.startsWith(PEKKO) ? key : ROOT + key;
  }

  private static void check(String key, Config defaults, String where) {
    if (key.startsWith(PEKKO) || defaults.hasPath(key)) {
      return;
    }
    String nearest =
        defaults.entrySet().stream()
            .map(Map.Entry::getKey)
            .min(Comparator.comparingInt(known -> distance(known, key)))
            .orElseThrow();
    throw new UserException(
        "unknown key " + key + " in " + where + "; did you mean " + nearest + "?");
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

  private SettingsLoader() {}
}
