package io.urrl.augment.data;

import io.urrl.actors.files.FileFailure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The shards that a data set's name means: a directory with {@code *.tar} in it or in its parts,
 * one {@code .tar}, or a pattern of them with {@code *}, {@code ?}, <code>{a,b}</code> and <code>
 * {000..146}</code> in the file's name.
 */
final class ShardPattern {
  private static final String SUFFIX = ".tar";
  private static final Pattern ALL = Pattern.compile(".*\\.tar", Pattern.DOTALL);
  private static final Pattern NO_LETTERS = Pattern.compile("[^a-z]+");
  private static final Pattern GROUP = Pattern.compile("\\{([^{}]*)\\}");
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})\\.\\.([0-9]{1,9})");
  private static final int MOST = 1_000_000;

  /** Whether a name means shards. */
  static boolean names(String source) {
    return source.endsWith(SUFFIX) || !inDirectory(source).isEmpty();
  }

  /**
   * The shards of a part, by name. The first word of a shard's name that is a part's name says
   * which part it belongs to ({@link SplitFolders#TRAIN_NAMES}, {@link SplitFolders#TEST_NAMES});
   * where there is none, its directory does, when its whole name is one of these; otherwise it is a
   * training shard.
   *
   * @throws DataException when a shard that the name tells is not there
   */
  static List<Path> shards(String source, Split split) {
    List<Path> all = source.endsWith(SUFFIX) ? expanded(source) : inDirectory(source);
    return all.stream().filter(shard -> splitOf(shard) == split).toList();
  }

  /** The part that a shard belongs to. */
  static Split splitOf(Path shard) {
    Stream<String> words = Stream.of(NO_LETTERS.split(lower(FileNames.name(shard))));
    String folder = lower(FileNames.name(shard.toAbsolutePath().getParent()));
    return words
        .map(ShardPattern::splitNamed)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> splitNamed(folder))
        .orElse(Split.TRAIN);
  }

  private static Optional<Split> splitNamed(String word) {
    if (SplitFolders.TEST_NAMES.contains(word)) {
      return Optional.of(Split.TEST);
    }
    return SplitFolders.TRAIN_NAMES.contains(word) ? Optional.of(Split.TRAIN) : Optional.empty();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * The shards in a directory and in its parts. Archives that lie beside {@code train/} with
   * folders in it are what the folders were unpacked from.
   */
  private static List<Path> inDirectory(String source) {
    Path directory = FileNames.path(source);
    List<Path> shards = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return shards;
    }
    for (String part :
        Stream.concat(SplitFolders.TRAIN_NAMES.stream(), SplitFolders.TEST_NAMES.stream())
            .toList()) {
      if (Files.isDirectory(directory.resolve(part))) {
        shards.addAll(matching(directory.resolve(part), ALL));
      }
    }
    boolean unpacked = shards.isEmpty() && SplitFolders.train(directory).isPresent();
    if (!unpacked) {
      shards.addAll(0, matching(directory, ALL));
    }
    return shards;
  }

  private static List<Path> expanded(String source) {
    if (Files.isRegularFile(FileNames.path(source))) {
      return List.of(FileNames.path(source));
    }
    TreeSet<Path> shards = new TreeSet<>();
    List<String> alternatives = new ArrayList<>();
    expand(source, alternatives);
    for (String one : alternatives) {
      Path path = FileNames.path(one);
      String name = FileNames.name(path);
      if (name.contains("*") || name.contains("?")) {
        Path folder = path.toAbsolutePath().getParent();
        shards.addAll(Files.isDirectory(folder) ? matching(folder, glob(name)) : List.of());
      } else if (Files.isRegularFile(path)) {
        shards.add(path);
      } else {
        throw new DataException("shard " + one + " does not exist; mend the pattern");
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

  /** What a file's name with {@code *} and {@code ?} means. */
  private static Pattern glob(String name) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char one = name.charAt(i);
      pattern.append(
          switch (one) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(Character.toString(one));
          });
    }
    return Pattern.compile(pattern.toString(), Pattern.DOTALL);
  }

  /** The files of a folder that a pattern matches, by name, without the hidden ones. */
  private static List<Path> matching(Path folder, Pattern pattern) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = FileNames.name(entry);
        if (!name.startsWith(".") && pattern.matcher(name).matches() && !Files.isDirectory(entry)) {
          found.add(entry);
        }
      }
    } catch (IOException e) {
      throw new DataException(
          FileNames.text(folder) + " cannot be listed: " + FileFailure.reason(folder, e), e);
    }
    found.sort(null);
    return found;
  }

  private ShardPattern() {}
}
