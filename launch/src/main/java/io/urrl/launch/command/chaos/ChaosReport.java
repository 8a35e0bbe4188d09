package io.urrl.launch.command.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The fault matrix: what every fault cost at every role, and what is left of the runs.
 *
 * @param blows all faults
 * @param verdicts one for each run
 */
public record ChaosReport(List<Blow> blows, List<Verdict> verdicts) {
  /** Longest time without a step, in seconds, when a worker is lost. */
  private static final double WORKER = 10;

  /** The same when a parameter shard or the trainer is. */
  private static final double KEEPER = 20;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROW = "%-6s %-11s %9s %5s %9s %9s %7s";

  /** Copies the lists. */
  public ChaosReport {
    blows = List.copyOf(blows);
    verdicts = List.copyOf(verdicts);
  }

  private record Cell(Fault fault, String role, int staleness) implements Comparable<Cell> {
    @Override
    public int compareTo(Cell other) {
      return key().compareTo(other.key());
    }

    private String key() {
      return "%s %s %03d".formatted(fault.word(), role, staleness);
    }
  }

  /** Longest time without a step that a fault at a role may cost, in seconds. */
  static double bound(String role) {
    return role.equals("trainer") || role.equals("parameters") ? KEEPER : WORKER;
  }

  private static boolean isWithin(Blow blow) {
    return blow.recovered() && blow.still() <= bound(blow.role());
  }

  /** One fault, for people. */
  static String line(Blow blow) {
    return String.format(
        Locale.ROOT,
        "%s %s at step %d: %.1f s without a step%s",
        blow.fault().word(),
        blow.node(),
        blow.step(),
        blow.still(),
        blow.recovered() ? "" : ", not as before even after two minutes");
  }

  /** Whether all is within its bounds, nothing lost or repeated, and the bits are the same. */
  public boolean good() {
    return blows.stream().allMatch(ChaosReport::isWithin)
        && verdicts.stream()
            .allMatch(
                verdict -> verdict.sameBits() && verdict.faults() == 0 && verdict.repeated() == 0);
  }

  /** The table. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted("fault", "role", "staleness", "times", "longest s", "median s", "bound s"));
    new TreeMap<>(
            blows.stream()
                .collect(
                    Collectors.groupingBy(
                        blow -> new Cell(blow.fault(), blow.role(), blow.staleness()))))
        .forEach((cell, all) -> lines.add(row(cell, all)));
    for (Verdict verdict : verdicts) {
      lines.add(
          "staleness %d: %d steps, %d samples, %d repeated, %d other faults of the ledger, %s"
              .formatted(
                  verdict.staleness(),
                  verdict.steps(),
                  verdict.audit().samples(),
                  verdict.repeated(),
                  verdict.faults(),
                  bits(verdict)));
      verdict.audit().faults().stream().limit(5).forEach(fault -> lines.add("  " + fault));
    }
    return lines;
  }

  private static String bits(Verdict verdict) {
    if (verdict.undisturbed().isEmpty()) {
      return "bits may differ";
    }
    return verdict.sameBits() ? "the bits of an undisturbed run" : "OTHER BITS than undisturbed";
  }

  private static String row(Cell cell, List<Blow> all) {
    List<Double> still = all.stream().map(Blow::still).sorted().toList();
    boolean within = all.stream().allMatch(ChaosReport::isWithin);
    return ROW.formatted(
            cell.fault().word(),
            cell.role(),
            cell.staleness(),
            all.size(),
            seconds(still.getLast()),
            seconds(still.get(still.size() / 2)),
            seconds(bound(cell.role())))
        + (within ? "" : "  over");
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** Writes all of it as JSON. */
  public void write(Path file) throws IOException {
    ObjectNode all = JSON.createObjectNode();
    all.put("good", good());
    for (Blow blow : blows) {
      all.withArray("faults")
          .addObject()
          .put("fault", blow.fault().word())
          .put("role", blow.role())
          .put("node", blow.node())
          .put("staleness", blow.staleness())
          .put("step", blow.step())
          .put("seconds_without_a_step", blow.still())
          .put("bound", bound(blow.role()))
          .put("recovered", blow.recovered());
    }
    for (Verdict verdict : verdicts) {
      ObjectNode one =
          all.withArray("runs")
              .addObject()
              .put("staleness", verdict.staleness())
              .put("steps", verdict.steps())
              .put("samples", verdict.audit().samples())
              .put("repeated", verdict.repeated())
              .put("digest", verdict.digest())
              .put("undisturbed", verdict.undisturbed())
              .put("same_bits", verdict.sameBits());
      verdict.audit().faults().forEach(one.putArray("ledger_faults")::add);
    }
    if (file.toAbsolutePath().getParent() != null) {
      Files.createDirectories(file.toAbsolutePath().getParent());
    }
    Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
  }
}
