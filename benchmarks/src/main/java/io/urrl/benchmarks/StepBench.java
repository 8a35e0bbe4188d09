package io.urrl.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.benchmarks.figures.Median;
import io.urrl.launch.UserException;
import io.urrl.launch.command.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Measures a pre-training step of the whole system (actors, streams, parameter server, views made
 * on the way) and of the bare loop, each in a process of its own.
 *
 * @param shape of the step
 * @param data data set of the whole system
 */
public record StepBench(StepOptions shape, String data) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Medians over the steps of the whole system, in seconds.
   *
   * @param step from the end of a step to the end of the next
   * @param compute forward and backward passes
   * @param views a worker's wait for views
   * @param parameters its wait for parameters
   * @param send handing the gradient to the streams
   */
  public record WholeStep(
      double step, double compute, double views, double parameters, double send) {}

  /** Runs the whole system once. */
  public WholeStep wholeSystem() {
    try {
      Path place = Files.createTempDirectory("urrl-bench");
      try {
        Path run = place.resolve("run");
        ChildJvm.run(Main.class, pretraining(run));
        return read(run.resolve("metrics.jsonl"));
      } finally {
        delete(place);
      }
    } catch (IOException e) {
      throw new UserException("the measured run left no readable record: " + e.getMessage(), e);
    }
  }

  private List<String> pretraining(Path run) {
    List<String> arguments = new ArrayList<>();
    arguments.add("pretrain");
    arguments.addAll(shape.pretrainFlags());
    arguments.addAll(
        List.of("--no-evaluation", "--run=" + run, "--data=" + data, "--checkpoint-every=0"));
    return arguments;
  }

  private WholeStep read(Path metrics) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(metrics)) {
      lines.add(JSON.readTree(line));
    }
    List<JsonNode> counted = lines.subList(shape.warmup(), lines.size());
    return new WholeStep(
        median(counted, line -> shape.batch() / line.get("pairs_per_second").asDouble()),
        median(counted, line -> line.get("compute").asDouble()),
        median(counted, line -> line.get("wait_views").asDouble()),
        median(counted, line -> line.get("wait_parameters").asDouble()),
        median(counted, line -> line.get("send").asDouble()));
  }

  private static <T> double median(List<T> values, ToDoubleFunction<T> part) {
    return Median.of(values.stream().mapToDouble(part).toArray());
  }

  /** Runs the bare loop once; returns its median seconds a step. */
  public double bareLoop() {
    String output = ChildJvm.run(BareStep.class, shape.flags());
    try {
      return JSON.readTree(output).get("median_s").asDouble();
    } catch (IOException e) {
      throw new UserException("the bare loop printed no result: " + output.strip(), e);
    }
  }

  private static void delete(Path place) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
