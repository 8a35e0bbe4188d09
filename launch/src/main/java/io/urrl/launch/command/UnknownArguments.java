package io.urrl.launch.command;

import io.urrl.launch.NearestWords;
import io.urrl.launch.config.Setting;
import io.urrl.launch.config.SettingsTable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said of arguments that a command does not know. */
final class UnknownArguments {
  private UnknownArguments() {}

  /** The arguments, and what may have been meant by the first of them. */
  static String text(UnmatchedArgumentException failure) {
    CommandSpec command = failure.getCommandLine().getCommandSpec();
    List<String> unmatched = failure.getUnmatched();
    String first = unmatched.getFirst();
    boolean option = first.startsWith("-");
    String said =
        "Unknown %s: %s"
            .formatted(
                option ? "option" : "argument",
                // What follows an unknown option is most likely its value.
                option
                    ? "'" + first + "'"
                    : unmatched.stream()
                        .map(one -> "'" + one + "'")
                        .collect(Collectors.joining(", ")));
    return ErrorText.oneLine(
        said + NearestWords.question(option ? options(first, command) : commands(first, command)));
  }

  private static List<String> commands(String word, CommandSpec command) {
    return NearestWords.of(word, command.subcommands().keySet()).stream().toList();
  }

  /** An option of the command, or the setting of that name where it has no flag of its own. */
  private static List<String> options(String argument, CommandSpec command) {
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument : argument.substring(0, equals);
    Set<String> known = new TreeSet<>();
    for (OptionSpec option : command.options()) {
      known.addAll(List.of(option.names()));
    }
    String plain = name.replaceFirst("^-+", "");
    List<String> keys =
        known.contains("--set")
            ? SettingsTable.all().stream()
                .<String>map(Setting::key)
                .filter(key -> ("." + key).endsWith("." + plain))
                .sorted()
                .map(key -> "--set " + key + "=VALUE")
                .toList()
            : List.of();
    return keys.isEmpty() ? NearestWords.of(name, known).stream().toList() : keys;
  }
}
