package io.urrl.actors.fault;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Flips bits where {@code -Durrl.flip=STAGE:STEP,...} says, each once in a process: a memory fault
 * that can be repeated. For example {@code -Durrl.flip=views:3,gradient:5}.
 */
public final class BitFlips {
  /** The property that asks for flips. */
  public static final String PROPERTY = "urrl.flip";

  private static final Map<Stage, Long> PENDING = parse(System.getProperty(PROPERTY, ""));
  private static final boolean ARMED = !PENDING.isEmpty();

  /** Where memory can change. */
  public enum Stage {
    /** A pair of views, after it was made and before it is sent. */
    VIEWS,
    /** A worker's copy of the parameters, after it was adopted and before it is used. */
    PARAMETERS,
    /** A gradient, after it was computed and before it is sent. */
    GRADIENT,
    /** The parameter shard's own state, between two updates. */
    STATE
  }

  /** Flips one bit in the middle of {@code memory} if the stage is due at this step. */
  public static void at(Stage stage, long step, MemorySegment memory) {
    if (ARMED && PENDING.remove(stage, step)) {
      long middle = memory.byteSize() / 2;
      byte value = memory.get(ValueLayout.JAVA_BYTE, middle);
      memory.set(ValueLayout.JAVA_BYTE, middle, (byte) (value ^ 0x10));
    }
  }

  private static Map<Stage, Long> parse(String text) {
    Map<Stage, Long> flips = new ConcurrentHashMap<>();
    for (String flip : text.isBlank() ? List.<String>of() : List.of(text.split(",", -1))) {
      String[] parts = flip.strip().split(":", 2);
      if (parts.length != 2) {
        throw new IllegalArgumentException(
            "-D" + PROPERTY + "=" + text + ": expected STAGE:STEP, such as views:3");
      }
      flips.put(Stage.valueOf(parts[0].toUpperCase(Locale.ROOT)), Long.valueOf(parts[1]));
    }
    return flips;
  }

  private BitFlips() {}
}
