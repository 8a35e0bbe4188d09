package io.urrl.actors.stream;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long the data plane waits for what.
 *
 * @param silence of a media driver after which it counts as gone. Its sign of life is a second old
 *     at most; the rest is for a machine that is busy elsewhere
 * @param idle how long a connection without a receiver keeps its memory
 * @param reopening how long a data plane that died may take to be open again
 * @param clock nanoseconds, as {@link System#nanoTime}
 */
record StreamTiming(Duration silence, Duration idle, Duration reopening, LongSupplier clock) {

  static StreamTiming normal() {
    return new StreamTiming(
        Duration.ofSeconds(8), Duration.ofSeconds(30), Duration.ofSeconds(60), System::nanoTime);
  }
}
