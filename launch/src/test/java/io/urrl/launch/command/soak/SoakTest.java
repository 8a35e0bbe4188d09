package io.urrl.launch.command.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.launch.command.TiedMain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole soak tests of very few runs. */
@Timeout(900)
final class SoakTest {
  private static final Map<String, String> TINY =
      Map.of(
          "encoder.dim", "16",
          "encoder.image-size", "16",
          "train.batch", "16",
          "train.micro-batch", "8",
          "train.queue", "128");

  @TempDir private Path place;

  private record Said(boolean clean, List<String> lines) {}

  private Said soak(Map<String, String> settings, String configurations, int runs, Stop stop) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    SoakOptions options =
        new SoakOptions(
            TiedMain.class,
            place,
            Plan.of(settings, 2),
            Configuration.parse(List.of(configurations.split(",", -1))),
            runs,
            0,
            Duration.ZERO,
            1,
            1,
            Duration.ofMinutes(8),
            false);
    boolean clean = new Soak(options, new SoakView(out, false), stop).run();
    return new Said(clean, bytes.toString(StandardCharsets.UTF_8).lines().toList());
  }

  private List<String> folders() throws IOException {
    try (Stream<Path> all = Files.list(place.resolve("runs"))) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void twoRunsAgreeAndAThirdGoesOnWithThem() throws IOException {
    Said two = soak(TINY, "default,gpu-workers-2", 2, new Stop());
    assertTrue(two.clean(), two.lines()::toString);
    assertTrue(two.lines().getLast().matches("all +2 +4 +0 +0 +\\d+\\.\\d"), two.lines()::toString);
    assertEquals(List.of("000001"), folders());

    Path reference = place.resolve("runs/000001");
    RecordedRun.change(place, Journal.FILE, RunTrace.read(reference).pattern(), "0123456789abcdef");
    RecordedRun.change(reference, StepReader.METRICS, "{\"step\":1,", "{\"step\":7,");
    Said three = soak(TINY, "default,gpu-workers-2", 3, new Stop());
    assertFalse(three.clean(), three.lines()::toString);
    String said = String.join("\n", three.lines());
    assertTrue(
        said.contains(
            "run 3 (default) has other bits than the common ones of 2 runs: step 1, metrics step:"
                + " 1 instead of 7; kept in "),
        said);
    assertEquals(List.of("000001", "000003"), folders());
  }

  @Test
  void runsThatCannotStartEndTheTestWithWhatTheySaid() {
    Said said =
        soak(Map.of("data.source", place.resolve("no-data").toString()), "default", 9, new Stop());
    assertFalse(said.clean());
    String all = String.join("\n", said.lines());
    assertTrue(all.contains("run 1 (default) failed: exit code 1, at step 0"), all);
    assertTrue(all.contains("no-data"), all);
    assertTrue(all.contains("3 runs in a row failed before their first step"), all);
    assertEquals(3, new Tally(results(), subject()).failed().size());
  }

  private List<Result> results() {
    try (Journal journal = Journal.open(place)) {
      return journal.results();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String subject() {
    return results().getFirst().subject();
  }

  @Test
  void whoStopsItSeesTheTable() {
    Stop stop = new Stop();
    stop.ask();
    Said said = soak(TINY, "default", 2, stop);
    assertTrue(said.clean());
    assertTrue(said.lines().getLast().startsWith("all "), said.lines()::toString);
    assertEquals(List.of(), results());
  }
}
