package io.urrl.actors.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was said and not answered yet: it is said again on every tick, since any message may be
 * lost. For one actor.
 */
final class Orders {
  private final Map<Object, Runnable> open = new LinkedHashMap<>();

  /** Says something now and again until it is {@link #settle settled}. */
  void give(Object key, Runnable saying) {
    open.put(key, saying);
    saying.run();
  }

  /**
   * It was answered.
   *
   * @return whether it was open
   */
  boolean settle(Object key) {
    return open.remove(key) != null;
  }

  boolean isOpen(Object key) {
    return open.containsKey(key);
  }

  /** Whether one with a key of this type is open. */
  boolean isAnyOpen(Class<?> type) {
    return open.keySet().stream().anyMatch(type::isInstance);
  }

  /** Says everything again that is open. */
  void again() {
    List.copyOf(open.values()).forEach(Runnable::run);
  }
}
