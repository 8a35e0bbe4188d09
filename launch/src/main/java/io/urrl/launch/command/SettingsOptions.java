package io.urrl.launch.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsLoader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * Settings from a command line. A flag of {@link SettingsFlags} wins over {@code --set}, which wins
 * over the file, which wins over the defaults.
 */
final class SettingsOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings that override the defaults of cluster.conf (default: none).")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides any key of cluster.conf, for instance stream.mode=udp.")
  private Map<String, String> keys = new LinkedHashMap<>();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** The settings that the command line asks for. */
  Settings settings(SettingsFlags flags) {
    return settings(flags, ConfigFactory.empty());
  }

  /**
   * The same on other defaults.
   *
   * @param flags those that the command was given
   * @param base overrides the defaults of {@code cluster.conf}
   */
  Settings settings(SettingsFlags flags, Config base) {
    return Settings.of(config(flags, base));
  }

  /** The same, before it was checked whether the values fit each other. */
  Config config(SettingsFlags flags, Config base) {
    Map<String, String> all = new LinkedHashMap<>();
    keys.forEach(
        (key, value) -> {
          flags.requireUsed(key, command);
          all.put(SettingsLoader.qualified(key), value);
        });
    ParseResult parsed = command.commandLine().getParseResult();
    flags
        .keys()
        .forEach(
            (flag, key) -> {
              if (parsed.hasMatchedOption(flag)) {
                all.put(key, parsed.matchedOptionValue(flag, ""));
              }
            });
    return SettingsLoader.config(base, file, all);
  }

  /** Whether the command line or its file says something about a key. */
  boolean mentions(SettingsFlags flags, String key) {
    String path = SettingsLoader.qualified(key);
    ParseResult parsed = command.commandLine().getParseResult();
    return SettingsLoader.overrides(file, keys).hasPath(path)
        || flags.keys().entrySet().stream()
            .anyMatch(
                flag -> flag.getValue().equals(path) && parsed.hasMatchedOption(flag.getKey()));
  }
}
