package io.urrl.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.benchmarks.figures.Median;
import io.urrl.launch.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the whole system's step beside a bare loop's. */
@Command(
    name = "step",
    description =
        "Measures a pre-training step of the whole system, views and all, beside a bare tensor loop"
            + " with the same maths on data in memory. The two run in turn, each in a process of"
            + " its own; the table is followed by one JSON line. Let nothing else run meanwhile.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    footer = {
      "",
      "Examples:",
      "  urrl bench step",
      "  urrl bench step --width 16 --steps 60 --rounds 5",
      "  urrl bench step --data cifar10 --bn-groups 2"
    })
public final class BenchStepCommand implements Callable<Integer> {

  @Mixin private StepOptions shape;

  @Option(names = "--data", defaultValue = "shapes", description = "Data set of the whole system.")
  private String data;

  @Option(names = "--rounds", defaultValue = "3", description = "Times that each is run.")
  private int rounds;

  @Override
  public Integer call() {
    if (shape.steps() < 1 || shape.warmup() < 0 || rounds < 1) {
      throw new UsageException("--steps and --rounds must be at least 1, --warmup at least 0");
    }
    StepBench bench = new StepBench(shape, data);
    System.out.printf(
        Locale.ROOT, "%-8s %14s %14s %8s%n", "round", "whole system", "bare loop", "ratio");
    List<StepBench.WholeStep> systems = new ArrayList<>();
    List<Double> loops = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      StepBench.WholeStep system = bench.wholeSystem();
      double loop = bench.bareLoop();
      systems.add(system);
      loops.add(loop);
      ratios.add(system.step() / loop);
      row(Integer.toString(round), system.step(), loop, system.step() / loop);
    }
    double step = median(systems, StepBench.WholeStep::step);
    double loop = median(loops, Double::doubleValue);
    double ratio = median(ratios, Double::doubleValue);
    row("median", step, loop, ratio);
    System.out.printf(
        Locale.ROOT,
        "of a step: compute %.4f s, waiting for views %.4f s and for parameters %.4f s, sending"
            + " %.4f s%n",
        median(systems, StepBench.WholeStep::compute),
        median(systems, StepBench.WholeStep::views),
        median(systems, StepBench.WholeStep::parameters),
        median(systems, StepBench.WholeStep::send));
    ObjectNode line = new ObjectMapper().createObjectNode();
    shape.describe(line);
    line.put("rounds", rounds);
    line.put("median_s", step).put("bare_median_s", loop).put("ratio", ratio);
    line.put("images_per_s", shape.batch() / step);
    System.out.println(line);
    return 0;
  }

  private static void row(String name, double system, double loop, double ratio) {
    System.out.printf(Locale.ROOT, "%-8s %12.4f s %12.4f s %8.3f%n", name, system, loop, ratio);
  }

  private static <T> double median(List<T> values, ToDoubleFunction<T> part) {
    return Median.of(values.stream().mapToDouble(part).toArray());
  }
}
