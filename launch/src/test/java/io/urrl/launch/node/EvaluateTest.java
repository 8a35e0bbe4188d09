package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.protocol.RunNews;
import io.urrl.launch.command.Main;
import io.urrl.launch.run.CheckpointOrigin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** A run that is evaluated and resumed by command lines. */
@ResourceLock(Resources.SYSTEM_ERR)
final class EvaluateTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATA = "shapes:train=64,test=16";
  private static final Map<String, String> SHORT =
      Map.of("data.source", DATA, "train.max-steps", "2", "checkpoint.every", "0");

  @TempDir private Path place;

  @Test
  void whatIsAskedForIsDoneAndKept() throws IOException {
    Path run = place.resolve("run");
    assertInstanceOf(
        RunNews.Outcome.Done.class, Runs.run(Runs.settings(SHORT), run, false, step -> {}));
    String checkpoint = run.toString();

    refused(
        "train.lr does nothing in urrl evaluate linear; did you mean evaluate.linear.lr?",
        "evaluate",
        "linear",
        "--checkpoint",
        checkpoint,
        "--set",
        "train.lr=3");
    refused(
        "Unknown option: '--queue'",
        "evaluate",
        "linear",
        "--checkpoint",
        checkpoint,
        "--queue",
        "9");
    refused(
        "evaluate.linear.epochs must be at least 1",
        "evaluate",
        "linear",
        "--checkpoint",
        checkpoint,
        "--epochs",
        "0");
    for (List<String> changed :
        List.of(
            List.of("--batch", "24", "train.batch is 24 and was 32"),
            List.of("--temperature", "0.3", "train.temperature is 0.3 and was 0.2"),
            List.of("--tensor-threads", "2", "workers.tensor-threads is 2 and was 1"))) {
      refused(
          changed.get(2) + " when the run began",
          "pretrain",
          "--run",
          checkpoint,
          "--resume",
          changed.get(0),
          changed.get(1));
    }

    assertEquals(
        0,
        Main.run(
            "evaluate",
            "linear",
            "--checkpoint",
            checkpoint,
            "--lr",
            "3",
            "--epochs",
            "2",
            "--batch",
            "16"));
    assertEquals(
        0,
        Main.run(
            "evaluate",
            "knn",
            "--checkpoint",
            run.resolve("checkpoints/last").toString(),
            "--neighbours",
            "5"));
    List<JsonNode> lines = lines(run.resolve("evaluations.jsonl"));
    assertEquals(
        List.of("linear", "knn"),
        lines.stream().map(line -> line.get("protocol").asText()).toList());
    JsonNode linear = lines.getFirst();
    assertEquals(2, linear.get("step").asLong());
    assertEquals(3, linear.get("lr").asDouble());
    assertEquals(2, linear.get("epochs").asInt());
    assertEquals(16, linear.get("batch").asInt());
    assertEquals(DATA, linear.get("data").asText());
    assertEquals(5, lines.getLast().get("neighbours").asInt());

    Path copy = copy(run.resolve("checkpoints/step-000000002"), place.resolve("copy"));
    refused(
        copy + " does not lie in its run, so its data set is not known; give it with --data",
        "evaluate",
        "knn",
        "--checkpoint",
        copy.toString());
    assertEquals(0, Main.run("evaluate", "knn", "--checkpoint", copy.toString(), "--data", DATA));
    JsonNode elsewhere = lines(copy.resolve("evaluations.jsonl")).getFirst();
    assertEquals(200, elsewhere.get("neighbours").asInt());
    assertEquals(
        16,
        CheckpointOrigin.of(copy).settings().getInt("urrl.encoder.image-size"),
        "as the checkpoint says itself");
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(EvaluateTest::json).toList();
    }
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  private static void refused(String text, String... arguments) {
    PrintStream real = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int code;
    try (PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setErr(captured);
      code = Main.run(arguments);
    } finally {
      System.setErr(real);
    }
    String said = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains(text), said);
    assertEquals(2, code, said);
  }
}
