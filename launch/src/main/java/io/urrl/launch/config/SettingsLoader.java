package io.urrl.launch.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.urrl.launch.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Puts settings together: the defaults, then a file, then single keys. */
public final class SettingsLoader {
  private static final String DEFAULTS = "cluster.conf";
  private static final String PEKKO = "pekko.";
  private static final String COMMAND_LINE = "command line";

  /** Loads settings as {@link #load(Config, Path, Map)} does, on the defaults alone. */
  public static Settings load(Path file, Map<String, String> keys) {
    return load(ConfigFactory.empty(), file, keys);
  }

  /**
   * Loads settings.
   *
   * @param base overrides the defaults
   * @param file overrides both; null for none
   * @param keys override all; keys may leave out {@code urrl.}
   * @throws UsageException for an unknown key or a wrong value
   */
  public static Settings load(Config base, Path file, Map<String, String> keys) {
    return Settings.of(config(base, file, keys));
  }

  /**
   * The same before it is known whether the values fit each other: every key is known and every
   * value of its kind.
   */
  public static Config config(Config base, Path file, Map<String, String> keys) {
    Config defaults = defaults();
    Config config = resolved(overrides(file, keys).withFallback(base).withFallback(defaults));
    new Schema(defaults).check(config);
    return config;
  }

  /** What a file and single keys say, unchecked. */
  public static Config overrides(Path file, Map<String, String> keys) {
    Config merged = file == null ? ConfigFactory.empty() : parse(file);
    for (Map.Entry<String, String> key : keys.entrySet()) {
      merged = with(merged, qualified(key.getKey()), key.getValue());
    }
    return merged;
  }

  /** The defaults of {@code cluster.conf}. */
  public static Config defaults() {
    return ConfigFactory.parseResources(SettingsLoader.class.getClassLoader(), DEFAULTS);
  }

  private static Config parse(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new UsageException(
          "settings file " + file + " does not exist or cannot be read; give another --config");
    }
    try {
      return ConfigFactory.parseFile(
          file.toFile(), ConfigParseOptions.defaults().setOriginDescription(file.toString()));
    } catch (ConfigException e) {
      throw new UsageException("settings file " + firstLine(e), e);
    }
  }

  private static Config with(Config config, String path, String value) {
    try {
      return config.withValue(path, value(path, value));
    } catch (ConfigException.BadPath e) {
      throw new UsageException(
          "%s: %s is no key; give --set section.key=value".formatted(COMMAND_LINE, path), e);
    }
  }

  /** Pekko's settings may be lists or sections; all others are single values, taken literally. */
  private static ConfigValue value(String path, String text) {
    if (path.startsWith(PEKKO)) {
      try {
        return ConfigFactory.parseString("value = " + text).getValue("value");
      } catch (ConfigException e) {
        return ConfigValueFactory.fromAnyRef(text, COMMAND_LINE);
      }
    }
    return ConfigValueFactory.fromAnyRef(text, COMMAND_LINE);
  }

  private static Config resolved(Config config) {
    try {
      return config.resolve();
    } catch (ConfigException e) {
      throw new UsageException("settings " + firstLine(e), e);
    }
  }

  private static String firstLine(ConfigException e) {
    return e.getMessage().lines().findFirst().orElse("cannot be read");
  }

  /** A key with the section that all of urrl's keys stand in. */
  public static String qualified(String key) {
    return key.startsWith(Setting.ROOT) || key.startsWith(PEKKO) ? key : Setting.ROOT + key;
  }

  /** A key without that section. */
  public static String plain(String key) {
    return key.startsWith(Setting.ROOT) ? key.substring(Setting.ROOT.length()) : key;
  }

  private SettingsLoader() {}
}
