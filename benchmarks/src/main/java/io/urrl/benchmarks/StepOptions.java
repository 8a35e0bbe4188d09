package io.urrl.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * Shape of a measured pre-training step: the flags that the whole system and the bare loop share.
 */
public final class StepOptions {

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

  @Option(names = "--steps", defaultValue = "20", description = "Steps that count.")
  private int steps;

  @Option(names = "--warmup", defaultValue = "5", description = "Steps before them.")
  private int warmup;

  /** Network. */
  public String arch() {
    return arch;
  }

  /** First layers. */
  public String stem() {
    return stem;
  }

  /** Channels of the first stage. */
  public int width() {
    return width;
  }

  /** Height and width of a view, in pixels. */
  public int size() {
    return size;
  }

  /** Samples of a step, all in one micro-batch. */
  public int batch() {
    return batch;
  }

  /** Batch-norm groups. */
  public int groups() {
    return groups;
  }

  /** Negatives. */
  public int queue() {
    return queue;
  }

  /** Threads of the tensor library, 0 for one a core. */
  public int threads() {
    return threads;
  }

  /** Steps that count. */
  public int steps() {
    return steps;
  }

  /** Steps before them. */
  public int warmup() {
    return warmup;
  }

  /** The same as flags. */
  List<String> flags() {
    return List.of(
        "--arch=" + arch,
        "--stem=" + stem,
        "--width=" + width,
        "--size=" + size,
        "--batch=" + batch,
        "--bn-groups=" + groups,
        "--queue=" + queue,
        "--threads=" + threads,
        "--steps=" + steps,
        "--warmup=" + warmup);
  }

  /** The same as flags of {@code pretrain}. */
  List<String> pretrainFlags() {
    return List.of(
        "--arch=" + arch,
        "--stem=" + stem,
        "--width=" + width,
        "--image-size=" + size,
        "--batch=" + batch,
        "--micro-batch=" + batch,
        "--bn-groups=" + groups,
        "--queue=" + queue,
        "--max-steps=" + (warmup + steps),
        "--set=workers.tensor-threads=" + threads);
  }

  /** Adds the shape to a line of results. */
  public void describe(ObjectNode line) {
    line.put("arch", arch).put("stem", stem).put("width", width).put("size", size);
    line.put("batch", batch).put("bn_groups", groups).put("threads", threads).put("steps", steps);
  }
}
