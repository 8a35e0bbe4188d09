package io.urrl.augment.corrupt;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** All corruptions of a table, at all severities. Immutable; for any thread. */
public final class Corruptions {
  private final CorruptionTable table;
  private final Map<CorruptionKind, List<Corruption>> all;

  private Corruptions(CorruptionTable table, Map<CorruptionKind, List<Corruption>> all) {
    this.table = table;
    this.all = all;
  }

  /**
   * The corruptions of a table.
   *
   * @param ice textures for frost, in full size
   */
  public static Corruptions of(CorruptionTable table, FrostTextures ice) {
    Map<CorruptionKind, List<Corruption>> all = new EnumMap<>(CorruptionKind.class);
    for (CorruptionKind kind : CorruptionKind.values()) {
      all.put(
          kind,
          IntStream.rangeClosed(1, CorruptionKind.SEVERITIES)
              .mapToObj(severity -> table.corruption(kind, severity, ice))
              .toList());
    }
    return new Corruptions(table, all);
  }

  /** The table they are from. */
  public CorruptionTable table() {
    return table;
  }

  /**
   * One corruption.
   *
   * @param severity 1..5
   * @throws IllegalArgumentException when there is no such severity
   */
  public Corruption get(CorruptionKind kind, int severity) {
    if (severity < 1 || severity > CorruptionKind.SEVERITIES) {
      throw new IllegalArgumentException(
          "severity " + severity + " is none; severities are 1 to " + CorruptionKind.SEVERITIES);
    }
    return all.get(kind).get(severity - 1);
  }
}
