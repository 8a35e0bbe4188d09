package io.urrl.launch.local;

import java.util.Map;
import java.util.OptionalInt;

/** What became of a node's process. */
sealed interface Fact {

  /** There was none, or nothing is known of it. */
  record None() implements Fact {}

  /**
   * It lives.
   *
   * @param up whether it says that it is a member of the cluster
   */
  record Alive(boolean up) implements Fact {}

  /**
   * It has ended.
   *
   * @param code exit code, where that is known
   */
  record Ended(OptionalInt code) implements Fact {}

  /** That of a node. */
  static Fact of(Map<String, Fact> facts, String name) {
    return facts.getOrDefault(name, new None());
  }

  /** Whether it lives and is a member of the cluster. */
  default boolean isUp() {
    return this instanceof Alive alive && alive.up();
  }
}
