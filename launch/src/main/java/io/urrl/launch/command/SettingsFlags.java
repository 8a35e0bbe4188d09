package io.urrl.launch.command;

import io.urrl.launch.NearestWords;
import io.urrl.launch.UsageException;
import io.urrl.launch.config.Setting;
import io.urrl.launch.config.Setting.Use;
import io.urrl.launch.config.SettingsLoader;
import io.urrl.launch.config.SettingsTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The settings that a command uses, and those of them that have a flag of their own. */
final class SettingsFlags {
  /** Those of training. */
  static final SettingsFlags RUN = new SettingsFlags(Use.PRETRAIN);

  /** Those of a linear evaluation. */
  static final SettingsFlags LINEAR = new SettingsFlags(Use.LINEAR);

  /** Those of an evaluation by nearest neighbours. */
  static final SettingsFlags KNN = new SettingsFlags(Use.KNN);

  /** Those of a node of a cluster. */
  static final SettingsFlags NODE = new SettingsFlags(Use.NODE);

  private final Use use;

  private SettingsFlags(Use use) {
    this.use = use;
  }

  /** The names of all flags, each with the whole key that it stands for. */
  Map<String, String> keys() {
    return SettingsTable.all().stream()
        .filter(setting -> setting.flag(use).isPresent())
        .collect(
            Collectors.toMap(setting -> setting.flag(use).orElseThrow().name(), Setting::path));
  }

  /**
   * Refuses a key of {@code --set} that would do nothing.
   *
   * @throws UsageException naming the key and the one that may be meant
   */
  void requireUsed(String key, CommandSpec command) {
    String plain = SettingsLoader.plain(key);
    Optional<Setting<?>> known = SettingsTable.named(plain);
    if (known.isEmpty() || known.get().isUsedBy(use)) {
      return;
    }
    String name = name(plain);
    List<String> meant =
        SettingsTable.all().stream()
            .filter(setting -> setting.flag(use).isPresent() && name(setting.key()).equals(name))
            .<String>map(Setting::key)
            .toList();
    throw new UsageException(
        "%s does nothing in %s%s"
            .formatted(plain, command.qualifiedName(), NearestWords.question(meant)));
  }

  private static String name(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  private CommandSpec addTo(CommandSpec command) {
    for (Setting<?> setting : SettingsTable.all()) {
      setting.flag(use).ifPresent(flag -> command.addOption(option(setting, flag)));
    }
    return command;
  }

  private OptionSpec option(Setting<?> setting, Setting.Flag flag) {
    String value =
        setting.isOfTheRun(use)
            ? "that of the checkpoint's run"
            : SettingsLoader.defaults().getString(setting.path());
    return OptionSpec.builder(flag.name())
        .paramLabel("VALUE")
        .type(String.class)
        .description("%s (%s; default: %s)".formatted(flag.text(), setting.key(), value))
        .build();
  }

  /** Adds {@link #RUN} to a command. */
  static final class Run implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      return RUN.addTo(command);
    }
  }

  /** Adds {@link #LINEAR} to a command. */
  static final class Linear implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      return LINEAR.addTo(command);
    }
  }

  /** Adds {@link #NODE} to a command. */
  static final class Node implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      return NODE.addTo(command);
    }
  }

  /** Adds {@link #KNN} to a command. */
  static final class Knn implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      return KNN.addTo(command);
    }
  }
}
