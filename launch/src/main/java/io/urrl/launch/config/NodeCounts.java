package io.urrl.launch.config;

import io.urrl.launch.UsageException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many nodes of each kind, as in {@code trainer=1,parameters=2,gpu=2,augment=3}. A kind is
 * named by the roles that its nodes play, several of them joined: {@code trainer+parameters=1}.
 *
 * @param counts nodes of each kind, in the order in which they were given
 */
public record NodeCounts(Map<String, Integer> counts) {
  /** All roles, in the order in which a kind names them. */
  public static final List<String> ROLES = NodeRole.words();

  /** Those without any of which nothing is trained. */
  public static final List<String> NEEDED = ROLES.subList(0, 4);

  private static final int MOST = 1000;

  /** Copies the counts. */
  public NodeCounts {
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
  }

  /**
   * Reads what somebody wrote.
   *
   * @throws UsageException naming the part that cannot be meant
   */
  public static NodeCounts parse(String text) {
    return parse(Arrays.asList(text.split(",", -1)));
  }

  /** The same of parts that stand apart. */
  public static NodeCounts parse(List<String> parts) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String part : parts) {
      String[] sides = part.strip().split("=", -1);
      if (sides.length != 2) {
        throw new UsageException(
            "'%s' is no number of nodes; give KIND=NUMBER, such as gpu=2".formatted(part));
      }
      String kind = kind(sides[0].strip());
      if (counts.put(kind, count(kind, sides[1].strip())) != null) {
        throw new UsageException("nodes of kind %s are given twice".formatted(kind));
      }
    }
    return new NodeCounts(counts);
  }

  private static String kind(String text) {
    List<String> roles = Arrays.asList(text.split("\\+", -1));
    roles.forEach(NodeRole::of);
    String kind = kind(roles);
    if (roles(kind).size() != roles.size()) {
      throw new UsageException("kind %s names a role twice".formatted(text));
    }
    return kind;
  }

  /** The kind of nodes that play some roles. */
  public static String kind(List<String> roles) {
    return ROLES.stream().filter(roles::contains).collect(Collectors.joining("+"));
  }

  /** The roles that nodes of a kind play. */
  public static List<String> roles(String kind) {
    return Stream.of(kind.split("\\+", -1)).filter(role -> !role.isEmpty()).toList();
  }

  private static int count(String kind, String text) {
    try {
      int count = Integer.parseInt(text);
      if (count >= 0 && count <= MOST) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of bounds.
    }
    throw new UsageException(
        "%s=%s: a number of nodes is from 0 to %d".formatted(kind, text, MOST));
  }

  /** Nodes that play a role. */
  public int playing(String role) {
    return counts.entrySet().stream()
        .filter(entry -> roles(entry.getKey()).contains(role))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /**
   * Refuses a cluster that cannot train.
   *
   * @throws UsageException naming the role that nobody plays
   */
  public NodeCounts requireWhole() {
    for (String role : NEEDED) {
      if (playing(role) == 0) {
        throw new UsageException(
            "no node plays the role %s, without which nothing is trained; add %s=1 to the nodes"
                .formatted(role, role));
      }
    }
    return this;
  }
}
