package io.urrl.benchmarks;

import io.urrl.actors.files.FileFailure;
import io.urrl.actors.plan.EpochPermutation;
import io.urrl.actors.simd.VectorWidth;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.benchmarks.ViewRate.Work;
import io.urrl.launch.UsageException;
import io.urrl.launch.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how fast pairs of views are made. */
@Command(
    name = "views",
    description =
        "Makes pairs of views of pictures, in batches of 64 pairs of bytes, for some seconds, and"
            + " prints one JSON line. At every size T_rob has severity 1 and T_rep blurs.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  urrl bench views --images photos --seconds 20",
      "  urrl bench views --images cifar10/test --size 32 --transform trob --predecoded"
    })
public final class BenchViewsCommand implements Callable<Integer> {
  private static final String KINDS = ".*\\.(jpg|jpeg|png)";

  /** Family of transforms. */
  enum Transform {
    TREP(0),
    TROB(1),
    URRL(0.5);

    private final double robust;

    Transform(double robust) {
      this.robust = robust;
    }
  }

  @Option(
      names = "--images",
      required = true,
      paramLabel = "DIR",
      description = "Folder with JPEG and PNG files, at any depth.")
  private Path images;

  @Option(
      names = "--size",
      defaultValue = "224",
      description = "Side of a view (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--seconds",
      defaultValue = "20",
      description = "How long to measure (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "10",
      paramLabel = "SECONDS",
      description = "How long to run before that, to compile (default: ${DEFAULT-VALUE}).")
  private double warmUp;

  @Option(
      names = "--transform",
      defaultValue = "urrl",
      description = "trep, trob, or urrl: either for each view (default: ${DEFAULT-VALUE}).")
  private Transform transform;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Threads that make views (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(names = "--predecoded", description = "Decode the pictures before the clock starts.")
  private boolean predecoded;

  @Option(
      names = "--limit",
      defaultValue = "256",
      description = "Pictures to use, 0 for all (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Chooses the pictures and keys the views (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() {
    if (size < 1 || threads < 1 || limit < 0 || seconds <= 0 || warmUp < 0) {
      throw new UsageException(
          "--size, --threads and --seconds must be positive, --limit and --warm-up not negative");
    }
    List<Path> pictures = pictures();
    Work work = new Work(pictures, size, transform.robust, seed, predecoded);
    ViewRate.Result result = ViewRate.measure(work, threads, warmUp, seconds);
    System.out.printf(
        Locale.ROOT,
        "{\"pairs_per_second\": %.2f, \"decode_share\": %.4f, \"size\": %d, \"transform\": \"%s\","
            + " \"seconds\": %.3f, \"cpu_seconds\": %.3f, \"pairs\": %d, \"batches\": %d,"
            + " \"pictures\": %d, \"threads\": %d, \"predecoded\": %b, \"kernels\": \"%s\","
            + " \"vectors\": \"%s\"}%n",
        result.pairs() / result.seconds(),
        result.decodeSeconds() / (threads * result.seconds()),
        size,
        lower(transform.name()),
        result.seconds(),
        result.cpuSeconds(),
        result.pairs(),
        result.batches(),
        pictures.size(),
        threads,
        predecoded,
        lower(result.kernels().name()),
        result.kernels() == KernelSet.VECTOR ? VectorWidth.describe() : "none");
    return 0;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private List<Path> pictures() {
    List<Path> found;
    try (Stream<Path> files = Files.walk(images)) {
      found =
          files
              .filter(file -> lower(file.getFileName().toString()).matches(KINDS))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new UserException(
          "%s cannot be listed: %s".formatted(images, FileFailure.reason(images, e)), e);
    }
    if (found.isEmpty()) {
      throw new UserException("no JPEG or PNG under " + images + ": give a folder with pictures");
    }
    EpochPermutation order = new EpochPermutation(seed, found.size());
    int count = limit == 0 ? found.size() : Math.min(limit, found.size());
    return IntStream.range(0, count)
        .mapToObj(place -> found.get(order.sampleAt(0, place)))
        .toList();
  }
}
