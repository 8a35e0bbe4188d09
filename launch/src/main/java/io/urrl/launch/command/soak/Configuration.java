package io.urrl.launch.command.soak;

import io.urrl.launch.UserException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Under which circumstances a run takes place: variations put together. None of them decides a bit
 * but the number of tensor threads, which makes the {@link #group}.
 */
public final class Configuration {
  private static final String JOINT = "+";

  private static final List<String> ALL =
      List.of(
          "default",
          "small-young",
          "system-allocator",
          "tensor-threads-2",
          "gpu-workers-2",
          "augment-workers-2",
          "udp",
          "small-young+system-allocator",
          "small-young+tensor-threads-2",
          "small-young+gpu-workers-2+augment-workers-2+udp",
          "system-allocator+tensor-threads-2+gpu-workers-2");

  private final Set<Variation> variations;

  private Configuration(Set<Variation> variations) {
    this.variations = variations;
  }

  /** Those of {@code all}, which also stand for what a combination may hide. */
  public static List<Configuration> all() {
    return ALL.stream().map(Configuration::named).toList();
  }

  /**
   * Reads a selection.
   *
   * @param names {@code all}, variations, or several joined by {@code +}
   * @throws UserException when one is unknown
   */
  public static List<Configuration> parse(List<String> names) {
    Set<String> seen = new LinkedHashSet<>();
    List<Configuration> chosen = new ArrayList<>();
    for (String name : names) {
      for (Configuration one : name.equals("all") ? all() : List.of(named(name))) {
        if (seen.add(one.name())) {
          chosen.add(one);
        }
      }
    }
    return List.copyOf(chosen);
  }

  private static Configuration named(String name) {
    Set<Variation> parts = EnumSet.noneOf(Variation.class);
    for (String part : name.split("\\+", -1)) {
      parts.add(
          Variation.named(part)
              .orElseThrow(
                  () ->
                      new UserException(
                          "configuration %s is unknown; give all, or some of %s, joined by +"
                              .formatted(name, known()))));
    }
    if (parts.size() > 1) {
      parts.remove(Variation.DEFAULT);
    }
    return new Configuration(parts);
  }

  private static String known() {
    return Arrays.stream(Variation.values())
        .map(Variation::title)
        .collect(Collectors.joining(", "));
  }

  /** Name, the same for the same variations in whatever order. */
  public String name() {
    return variations.stream().map(Variation::title).collect(Collectors.joining(JOINT));
  }

  /** What must have equal bits has equal groups, given the same plan. */
  String group() {
    return Plan.TENSOR_THREADS + "=" + settings().get(Plan.TENSOR_THREADS);
  }

  /** Settings, as keys of {@code cluster.conf}. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(Plan.PLAIN);
    variations.forEach(one -> settings.putAll(one.settings()));
    return settings;
  }

  /** What is added to the JVM's flags. */
  List<String> jvmFlags() {
    return variations.stream().flatMap(one -> one.jvmFlags().stream()).toList();
  }

  /** Whether the environment's tuning of the C library's allocator is taken out. */
  boolean systemAllocator() {
    return variations.contains(Variation.SYSTEM_ALLOCATOR);
  }
}
