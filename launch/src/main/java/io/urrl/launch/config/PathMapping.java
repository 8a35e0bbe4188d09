package io.urrl.launch.config;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Where hosts have directories that lie elsewhere than on the host that a run was begun on.
 *
 * @param rules in their order; the first that fits counts
 */
public record PathMapping(List<Rule> rules) {

  /**
   * One directory on some hosts.
   *
   * @param hosts pattern of their names or addresses, in which * stands for any characters
   * @param from the directory as the run names it
   * @param to the directory there
   */
  public record Rule(String hosts, String from, String to) {
    private static Rule of(String text) {
      int colon = text.indexOf(':');
      int equals = text.indexOf('=', colon + 1);
      if (colon < 1 || equals < colon + 2 || equals == text.length() - 1) {
        throw new IllegalArgumentException(
            "'%s' is no mapping; give HOSTS:FROM=TO, such as gpu*:/data=/mnt/data"
                .formatted(text.strip()));
      }
      return new Rule(
          text.substring(0, colon).strip(),
          text.substring(colon + 1, equals).strip(),
          text.substring(equals + 1).strip());
    }

    private boolean isFor(Collection<String> names) {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + hosts);
      return names.stream().anyMatch(name -> matcher.matches(Path.of(name)));
    }

    private boolean holds(String path) {
      return path.equals(from) || path.startsWith(from.endsWith("/") ? from : from + "/");
    }

    private String moved(String path) {
      return to + path.substring(from.length());
    }
  }

  /**
   * Reads rules, separated by commas; none of an empty text.
   *
   * @throws IllegalArgumentException naming the first that is none
   */
  public static PathMapping of(String text) {
    return new PathMapping(
        text.isBlank() ? List.of() : Arrays.stream(text.split(",", -1)).map(Rule::of).toList());
  }

  /**
   * Where a path of the run lies on a host.
   *
   * @param names of the host, and its addresses
   */
  public String on(Collection<String> names, String path) {
    return rules.stream()
        .filter(rule -> rule.holds(path) && rule.isFor(names))
        .findFirst()
        .map(rule -> rule.moved(path))
        .orElse(path);
  }
}
