package io.urrl.launch.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.launch.UserException;
import io.urrl.launch.bench.StepBench;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the whole system's step beside a bare loop's. */
@Command(
    name = "step",
    description = {
      "Measures a pre-training step of the whole system, views and all, beside a bare tensor loop"
          + " with",
      "the same maths on data in memory. The two run in turn, each in a process of its own; the"
          + " table",
      "is followed by one JSON line. Let nothing else run meanwhile."
    },
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

  @Option(names = "--arch", defaultValue = "resnet18", description = "Network.")
  private String arch;

  @Option(names = "--stem", defaultValue = "cifar", description = "First layers.")
  private String stem;

  @Option(names = "--width", defaultValue = "64", description = "Channels of the first stage.")
  private int width;

  @Option(names = "--size", defaultValue = "32", description = "Height and width of a view.")
  private int size;

  @Option(names = "--batch", defaultValue = "64", description = "Samples of a step.")
  private int batch;

  @Option(names = "--bn-groups", defaultValue = "1", description = "Batch-norm groups.")
  private int groups;

  @Option(names = "--queue", defaultValue = "4096", description = "Negatives.")
  private int queue;

  @Option(
      names = "--threads",
      defaultValue = "0",
      description = "Threads of the tensor library, 0 for one a core.")
  private int threads;

  @Option(names = "--data", defaultValue = "shapes", description = "Data set of the whole system.")
  private String data;

  @Option(names = "--steps", defaultValue = "20", description = "Steps that count.")
  private int steps;

  @Option(names = "--warmup", defaultValue = "5", description = "Steps before them.")
  private int warmup;

  @Option(names = "--rounds", defaultValue = "3", description = "Times that each is run.")
  private int rounds;

  @Override
  public Integer call() {
    if (steps < 1 || warmup < 0 || rounds < 1) {
      throw new UserException("--steps and --rounds must be at least 1, --warmup at least 0");
    }
    StepBench bench =
        new StepBench(arch, stem, width, size, batch, groups, queue, threads, data, steps, warmup);
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
    line.put("arch", arch).put("stem", stem).put("width", width).put("size", size);
    line.put("batch", batch).put("bn_groups", groups).put("threads", threads);
    line.put("steps", steps).put("rounds", rounds);
    line.put("median_s", step).put("bare_median_s", loop).put("ratio", ratio);
    line.put("images_per_s", batch / step);
    System.out.println(line);
    return 0;
  }

  private static void row(String name, double system, double loop, double ratio) {
    System.out.printf(Locale.ROOT, "%-8s %12.4f s %12.4f s %8.3f%n", name, system, loop, ratio);
  }

  private static <T> double median(List<T> values, ToDoubleFunction<T> part) {
    return StepBench.median(values.stream().mapToDouble(part).toArray());
  }
}
