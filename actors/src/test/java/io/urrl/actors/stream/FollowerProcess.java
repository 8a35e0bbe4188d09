package io.urrl.actors.stream;

import static io.urrl.actors.stream.StreamFixture.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@link FollowerMain} in a JVM of its own, and what came to it. */
final class FollowerProcess implements AutoCloseable {
  private final Process process;
  private final Set<Integer> whole = ConcurrentHashMap.newKeySet();

  /**
   * @param directory of a media driver, empty for one of its own
   */
  FollowerProcess(String directory, BroadcastAddress address) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path")));
    command.add(FollowerMain.class.getName());
    StreamAddress sender = address.sender();
    command.addAll(List.of(directory, sender.driver(), sender.endpoint()));
    command.add(Integer.toString(sender.streamId()));
    command.add(Integer.toString(address.streamId()));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Thread.ofPlatform().daemon().start(this::read);
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        whole.add(Integer.valueOf(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a tensor came to it whole. */
  boolean has(int sample) {
    return whole.contains(sample);
  }

  /** Sends it a signal: STOP, CONT or KILL. */
  void signal(String name) throws Exception {
    int code =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (code != 0) {
      throw new IllegalStateException("kill -" + name + " ended with " + code);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    await(() -> !process.isAlive());
  }
}
