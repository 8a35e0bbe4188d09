package io.urrl.augment.data;

import io.urrl.actors.files.FileFailure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shards that a data set's name means: a directory with {@code *.tar} in it or in its parts,
 * one {@code .tar}, or a pattern of them with {@code *}, {@code ?}, <code>{a,b}</code> and <code>
 * {000..146}</code> in the file's name.
 */
final class ShardPattern {
  private static final String SUFFIX = ".tar";
  private static final List<String> TEST_NAMES = List.of("test", "val");
  private static final Pattern GROUP = Pattern.compile("\\{([^{}]*)\\}");
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})\\.\\.([0-9]{1,9})");
  private static final int MOST = 1_000_000;

  /** Whether a name means shards. */
  static boolean names(String source) {
    return source.endsWith(SUFFIX) || !inDirectory(source).isEmpty();
  }

  /**
   * The shards of a part, by name. Test shards are those whose name, or whose directory's, begins
   * with {@code test} or {@code val}; all others are training shards.
   *
   * @throws DataException when a shard that the name tells is not there
   */
  static List<Path> shards(String source, Split split) {
    List<Path> all = source.endsWith(SUFFIX) ? expanded(source) : inDirectory(source);
    return all.stream().filter(shard -> isTest(shard) == (split == Split.TEST)).toList();
  }

  private static boolean isTest(Path shard) {
    Path folder = shard.toAbsolutePath().getParent().getFileName();
    String name = shard.getFileName().toString();
    return TEST_NAMES.stream()
        .anyMatch(
            test ->
                name.startsWith(test) || (folder != null && folder.toString().startsWith(test)));
  }

  private static List<Path> inDirectory(String source) {
    Path directory = Path.of(source);
    List<Path> shards = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      shards.addAll(matching(directory, "*" + SUFFIX));
      for (String part : List.of("train", "test", "val")) {
        if (Files.isDirectory(directory.resolve(part))) {
          shards.addAll(matching(directory.resolve(part), "*" + SUFFIX));
        }
      }
    }
    return shards;
  }

  private static List<Path> expanded(String source) {
    TreeSet<Path> shards = new TreeSet<>();
    List<String> alternatives = new ArrayList<>();
    expand(source, alternatives);
    for (String one : alternatives) {
      Path path = Path.of(one);
      String name = path.getFileName().toString();
      if (name.contains("*") || name.contains("?")) {
        Path folder = path.toAbsolutePath().getParent();
        shards.addAll(Files.isDirectory(folder) ? matching(folder, name) : List.of());
      } else if (Files.isRegularFile(path)) {
        shards.add(path);
      } else {
        throw new DataException("shard " + path + " does not exist; mend the pattern");
      }
    }
    if (shards.isEmpty()) {
      throw new DataException("no shard matches " + source + "; mend the pattern");
    }
    return List.copyOf(shards);
  }

  /** Replaces the first group by each of its alternatives, and goes on with what comes of that. */
  private static void expand(String pattern, List<String> into) {
    Matcher group = GROUP.matcher(pattern);
    if (!group.find()) {
      into.add(pattern);
      return;
    }
    for (String one : alternatives(group.group(1))) {
      expand(pattern.substring(0, group.start()) + one + pattern.substring(group.end()), into);
    }
    if (into.size() > MOST) {
      throw new DataException("the pattern of shards means more than %d shards".formatted(MOST));
    }
  }

  private static List<String> alternatives(String group) {
    Matcher range = RANGE.matcher(group);
    if (!range.matches()) {
      return List.of(group.split(",", -1));
    }
    int first = Integer.parseInt(range.group(1));
    int last = Integer.parseInt(range.group(2));
    if (last < first || last - first >= MOST) {
      throw new DataException(
          "{" + group + "} is no range of shards; write for example {000..146}");
    }
    List<String> numbers = new ArrayList<>();
    String format = "%0" + range.group(1).length() + "d";
    for (int number = first; number <= last; number++) {
      numbers.add(format.formatted(number));
    }
    return numbers;
  }

  private static List<Path> matching(Path folder, String glob) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
      entries.forEach(found::add);
    } catch (IOException e) {
      throw new DataException(folder + " cannot be listed: " + FileFailure.reason(folder, e), e);
    }
    found.sort(null);
    return found;
  }

  private ShardPattern() {}
}
