package io.urrl.actors.stream;

import java.time.Duration;

/**
 * How long a reader that does not read may hold up the others of its log. A media driver looks at
 * each {@link #LOOK} only; one that others run may look less often.
 */
final class Untethered {
  /** How often embedded drivers look after timeouts. */
  static final Duration LOOK = Duration.ofMillis(50);

  /** How long a reader may be three quarters of the window behind. */
  static final Duration BEHIND = Duration.ofMillis(150);

  /** How long it has, once it was told, before what it may still be reading is overwritten. */
  static final Duration LINGER = Duration.ofMillis(60);

  /** The same as parameters of a channel. */
  static final String PARAMETERS =
      "|untethered-window-limit-timeout="
          + BEHIND.toMillis()
          + "ms|untethered-linger-timeout="
          + LINGER.toMillis()
          + "ms";

  private Untethered() {}
}
