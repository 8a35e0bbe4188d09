package io.urrl.launch.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The process of a node, started by this one or by another one. */
final class NodeProcess {
  private static final Path PROCESSES = Path.of("/proc");
  private static final String NUMBER = "[0-9]+";

  private final ProcessIdentity identity;
  private final Process own;

  /**
   * @param own the process where this one started it, otherwise null
   */
  private NodeProcess(ProcessIdentity identity, Process own) {
    this.identity = identity;
    this.own = own;
  }

  /**
   * Starts one.
   *
   * @param output is appended to
   * @param ended runs when it ends
   */
  static NodeProcess start(List<String> command, Path output, Runnable ended) throws IOException {
    Process process = DetachedProcess.start(command, output);
    var _ = process.onExit().thenRun(ended);
    // One that has ended already can be told from all that follow by its exit code.
    return new NodeProcess(
        ProcessIdentity.of(process.pid())
            .orElseGet(() -> new ProcessIdentity(process.pid(), -1, "")),
        process);
  }

  /** One that another process started. */
  static NodeProcess adopted(ProcessIdentity identity) {
    return new NodeProcess(identity, null);
  }

  /** A process that lives and was given an argument. */
  static Optional<NodeProcess> withArgument(String argument) {
    try (Stream<Path> all = Files.list(PROCESSES)) {
      return all.filter(path -> path.getFileName().toString().matches(NUMBER))
          .filter(path -> has(path, argument))
          .map(path -> Long.parseLong(path.getFileName().toString()))
          .map(ProcessIdentity::of)
          .flatMap(Optional::stream)
          .findFirst()
          .map(NodeProcess::adopted);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean has(Path process, String argument) {
    try {
      return List.of(Files.readString(process.resolve("cmdline")).split("\0", -1))
          .contains(argument);
    } catch (IOException e) {
      // It has ended meanwhile, or is another user's.
      return false;
    }
  }

  ProcessIdentity identity() {
    return identity;
  }

  boolean isAlive() {
    return own == null ? identity.isAlive() : own.isAlive();
  }

  /** The exit code of one that has ended. */
  OptionalInt code() {
    return own == null ? OptionalInt.empty() : OptionalInt.of(own.exitValue());
  }

  /** Asks it to leave. */
  void terminate() {
    if (isAlive()) {
      ProcessHandle.of(identity.pid()).ifPresent(ProcessHandle::destroy);
    }
  }

  /** Ends it. */
  void kill() {
    if (isAlive()) {
      ProcessHandle.of(identity.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }
  }
}
