package io.urrl.launch;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How to start another JVM like this one: the same Java with the same flags. */
public final class ThisJvm {
  /** Standard error is this process's affair, and a debugger or profiler follows one process. */
  private static final List<String> NOT_INHERITED =
      List.of("-Durrl.stderr=", "-agentlib:", "-agentpath:", "-javaagent:");

  /** Path of the {@code java} command. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The flags that this JVM was started with and that make sense for another one. */
  public static List<String> flags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> NOT_INHERITED.stream().noneMatch(flag::startsWith))
        .toList();
  }

  /** The class path. */
  public static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** The whole command for a main class. */
  public static List<String> command(String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(flags());
    command.addAll(List.of("-cp", classPath(), mainClass));
    return Stream.concat(command.stream(), arguments.stream()).toList();
  }

  private ThisJvm() {}
}
