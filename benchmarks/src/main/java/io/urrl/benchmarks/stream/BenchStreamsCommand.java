package io.urrl.benchmarks.stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.stream.StandaloneDriver;
import io.urrl.benchmarks.figures.Median;
import io.urrl.launch.UsageException;
import io.urrl.launch.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.agrona.IoUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how fast tensors go from process to process. */
@Command(
    name = "streams",
    description =
        "Brings tensors to other processes, which copy them into place and acknowledge: over"
            + " Pekko's remoting, over the streams through shared memory and UDP, and by broadcast"
            + " to 1, 2 and 4 processes, one of them stopped at last. Medians over rounds that go"
            + " through all ways in turn.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    footer = {"", "Examples:", "  urrl bench streams", "  urrl bench streams --rounds 5 --json"})
public final class BenchStreamsCommand implements Callable<Integer> {
  private static final String ARTERY = "artery-tcp";
  private static final String IPC = "ipc";
  private static final String UDP = "udp-loopback";

  @Option(names = "--megabytes", defaultValue = "64", description = "MiB of a tensor.")
  private int megabytes;

  @Option(names = "--rounds", defaultValue = "5", description = "Times that each way is gone.")
  private int rounds;

  @Option(names = "--tensors", defaultValue = "20", description = "Tensors of a round that count.")
  private int tensors;

  @Option(names = "--warm-up", defaultValue = "40", description = "Tensors before, over each way.")
  private int warmUp;

  @Option(
      names = "--frame",
      defaultValue = "262144",
      description = "Bytes of a message over Pekko's remoting.")
  private int frame;

  @Option(
      names = "--term-length",
      defaultValue = "4194304",
      description = "Bytes of a stream's log buffer.")
  private int termLength;

  @Option(names = "--json", description = "Print one JSON object in place of the table.")
  private boolean json;

  private final Map<String, List<Double>> measured = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException {
    if (megabytes < 1 || rounds < 1 || tensors < 1 || warmUp < 0 || frame < 1024) {
      throw new UsageException(
          "--megabytes, --rounds and --tensors must be at least 1, --frame at least 1024");
    }
    Path place = Files.createTempDirectory(Path.of("/dev/shm"), "urrl-bench");
    String directory = place.resolve("driver").toString();
    try (StandaloneDriver driver =
        StandaloneDriver.start(
            Path.of(directory), StreamReceiver.settings(directory, termLength))) {
      long bytes = (long) megabytes << 20;
      for (int round = 0; round < rounds; round++) {
        measure(ARTERY, () -> new ArteryTransfer(bytes, frame));
        measure(IPC, () -> StreamTransfer.toOne(directory, termLength, bytes));
        measure(UDP, () -> StreamTransfer.toOne("", termLength, bytes));
        for (int receivers : new int[] {1, 2, 4}) {
          measure(
              "broadcast-" + receivers,
              () -> StreamTransfer.toAll(directory, termLength, bytes, receivers));
        }
        measureStopped(directory, bytes);
      }
      if (driver.ended().isDone()) {
        throw new UserException("the media driver ended during the measurement");
      }
    } finally {
      IoUtil.delete(place.toFile(), false);
    }
    report();
    return 0;
  }

  private void measure(String name, Supplier<Route> way) {
    try (Route transfer = way.get()) {
      measure(name, transfer);
    }
  }

  private void measure(String name, Route transfer) {
    for (int i = 0; i < warmUp; i++) {
      transfer.seconds();
    }
    double[] seconds = new double[tensors];
    for (int i = 0; i < tensors; i++) {
      seconds[i] = transfer.seconds();
    }
    add(name, Median.of(seconds));
  }

  private void add(String name, double seconds) {
    measured.computeIfAbsent(name, fresh -> new ArrayList<>()).add(seconds);
  }

  /** Four receivers, then the same with one of them stopped. */
  private void measureStopped(String directory, long bytes) {
    try (StreamTransfer transfer = StreamTransfer.toAll(directory, termLength, bytes, 4)) {
      measure("three-of-four", transfer);
      transfer.stopLast();
      add("first-after-stop", transfer.seconds());
      measure("three-and-a-stopped", transfer);
    }
  }

  private double median(String name) {
    return Median.of(measured.get(name).stream().mapToDouble(Double::doubleValue).toArray());
  }

  private void report() {
    if (json) {
      ObjectNode line = new ObjectMapper().createObjectNode();
      line.put("megabytes", megabytes).put("rounds", rounds);
      measured.keySet().forEach(name -> line.put(name + "_s", median(name)));
      line.put("ipc_over_artery", median(ARTERY) / median(IPC));
      line.put("udp_over_artery", median(ARTERY) / median(UDP));
      line.put("four_over_one", median("broadcast-4") / median("broadcast-1"));
      System.out.println(line);
      return;
    }
    System.out.printf(Locale.ROOT, "%-22s %10s %10s %12s%n", "way", "ms", "MB/s", "rounds");
    for (Map.Entry<String, List<Double>> way : measured.entrySet()) {
      double median = median(way.getKey());
      System.out.printf(
          Locale.ROOT,
          "%-22s %10.2f %10.0f   %s%n",
          way.getKey(),
          median * 1e3,
          megabytes * 1.048576 / median,
          way.getValue().stream()
              .map(seconds -> String.format(Locale.ROOT, "%.1f", seconds * 1e3))
              .toList());
    }
    ratio("Artery / IPC", ARTERY, IPC);
    ratio("Artery / UDP", ARTERY, UDP);
    ratio("2 receivers / 1", "broadcast-2", "broadcast-1");
    ratio("4 receivers / 1", "broadcast-4", "broadcast-1");
    ratio("3 beside a stopped / 4", "three-and-a-stopped", "broadcast-4");
  }

  private void ratio(String text, String above, String below) {
    System.out.printf(Locale.ROOT, "%-22s %10.2f%n", text, median(above) / median(below));
  }
}
