package io.urrl.launch.config;

import com.typesafe.config.Config;
import io.urrl.launch.UsageException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * All that the program knows of one key of {@code cluster.conf} but for its default and its
 * meaning, which stand in that file. Immutable: each method that adds something returns another
 * descriptor.
 *
 * @param <T> type of the value
 */
public final class Setting<T> {
  /** The section that all settings stand in. */
  static final String ROOT = "urrl.";

  /** A command that takes settings. */
  public enum Use {
    /** Training; all settings have to do with it. */
    PRETRAIN,
    /** The linear evaluation of a checkpoint. */
    LINEAR,
    /** The evaluation of a checkpoint by nearest neighbours. */
    KNN,
    /** A node of a cluster. */
    NODE
  }

  /**
   * A setting's own flag on the command line.
   *
   * @param command that has it
   * @param text what the help says of it
   */
  public record Flag(Use command, String name, String text) {}

  /** What a value looks like where it is written. */
  enum Kind {
    TEXT("a text"),
    WHOLE("a whole number"),
    NUMBER("a number");

    private final String expected;

    Kind(String expected) {
      this.expected = expected;
    }

    /** For people. */
    String expected() {
      return expected;
    }

    /** Whether a value, as text, is one of this kind. */
    boolean fits(String text) {
      try {
        return switch (this) {
          case TEXT -> true;
          case WHOLE -> {
            Long.parseLong(text);
            yield true;
          }
          case NUMBER -> Double.isFinite(Double.parseDouble(text));
        };
      } catch (NumberFormatException e) {
        return false;
      }
    }

    /** Whether two values mean the same: 0.2 and 0.20 do. */
    boolean same(String one, String other) {
      return this == TEXT
          ? one.equals(other)
          : new BigDecimal(one).compareTo(new BigDecimal(other)) == 0;
    }
  }

  /** What a value must be beyond its kind. */
  private record Bound<T>(Predicate<T> holds, String must) {}

  private final String key;
  private final Kind kind;
  private final ResumeRule rule;
  private final BiFunction<Config, String, T> reader;
  private final List<String> words;
  private final List<Bound<T>> bounds = new ArrayList<>();
  private final List<Flag> flags = new ArrayList<>();
  private final Set<Use> uses = EnumSet.of(Use.PRETRAIN);
  private boolean ofTheRun;

  private Setting(
      String key,
      Kind kind,
      ResumeRule rule,
      BiFunction<Config, String, T> reader,
      List<String> words) {
    this.key = key;
    this.kind = kind;
    this.rule = rule;
    this.reader = reader;
    this.words = words;
  }

  private static <T> Setting<T> read(
      String key, Kind kind, ResumeRule rule, BiFunction<Config, String, T> reader) {
    return new Setting<>(key, kind, rule, reader, List.of());
  }

  private Setting<T> copy() {
    Setting<T> copy = new Setting<>(key, kind, rule, reader, words);
    copy.bounds.addAll(bounds);
    copy.flags.addAll(flags);
    copy.uses.addAll(uses);
    copy.ofTheRun = ofTheRun;
    return copy;
  }

  /** Any text. */
  static Setting<String> text(String key, ResumeRule rule) {
    return read(key, Kind.TEXT, rule, Config::getString);
  }

  /**
   * A text that means something.
   *
   * @param meaning of a text; throws {@link IllegalArgumentException} that says what is wrong
   */
  static <T> Setting<T> parsed(String key, ResumeRule rule, Function<String, T> meaning) {
    return read(
        key,
        Kind.TEXT,
        rule,
        (config, path) -> {
          try {
            return meaning.apply(config.getString(path));
          } catch (IllegalArgumentException e) {
            throw new UsageException(key + ": " + e.getMessage(), e);
          }
        });
  }

  /** One of some words, each of which stands for a value. */
  static <T> Setting<T> choice(String key, ResumeRule rule, Map<String, T> values) {
    List<String> words = List.copyOf(values.keySet());
    return new Setting<>(
        key,
        Kind.TEXT,
        rule,
        (config, path) -> {
          String word = config.getString(path);
          return Optional.ofNullable(values.get(word)).orElseThrow(() -> unknown(key, word, words));
        },
        words);
  }

  /** One of some words. */
  static Setting<String> choice(String key, ResumeRule rule, List<String> words) {
    Map<String, String> values = new LinkedHashMap<>();
    words.forEach(word -> values.put(word, word));
    return choice(key, rule, values);
  }

  /** Two words, in this order. */
  static <T> Map<String, T> twoWords(String first, T meaning, String second, T other) {
    Map<String, T> words = new LinkedHashMap<>();
    words.put(first, meaning);
    words.put(second, other);
    return words;
  }

  private static UsageException unknown(String key, String word, List<String> words) {
    return new UsageException(
        "%s %s is unknown: give %s"
            .formatted(key, word, String.join(words.size() == 2 ? " or " : ", ", words)));
  }

  /** A whole number of 32 bits. */
  static Setting<Integer> whole(String key, ResumeRule rule) {
    return read(key, Kind.WHOLE, rule, Config::getInt);
  }

  /** A whole number of 32 bits, not below {@code least}. */
  static Setting<Integer> whole(String key, ResumeRule rule, int least) {
    return whole(key, rule).must("be at least " + least, value -> value >= least);
  }

  /** A whole number of 64 bits. */
  static Setting<Long> longWhole(String key, ResumeRule rule) {
    return read(key, Kind.WHOLE, rule, Config::getLong);
  }

  /** A number that may have a fraction. */
  static Setting<Double> number(String key, ResumeRule rule) {
    return read(key, Kind.NUMBER, rule, Config::getDouble);
  }

  /** A time in seconds, to the millisecond; positive. */
  static Setting<Duration> seconds(String key, ResumeRule rule) {
    return read(
        key,
        Kind.NUMBER,
        rule,
        (config, path) -> {
          double seconds = config.getDouble(path);
          if (seconds <= 0) {
            throw new UsageException("%s must be positive, not %s".formatted(key, seconds));
          }
          return Duration.ofMillis((long) (seconds * 1000));
        });
  }

  /**
   * With a bound.
   *
   * @param what as in "must be positive"
   */
  Setting<T> must(String what, Predicate<T> holds) {
    Setting<T> bounded = copy();
    bounded.bounds.add(new Bound<>(holds, what));
    return bounded;
  }

  /** With a flag of {@code pretrain}. */
  Setting<T> flag(String name, String text) {
    return flag(Use.PRETRAIN, name, text);
  }

  /** With a flag of a command, which uses it then. */
  Setting<T> flag(Use command, String name, String text) {
    Setting<T> flagged = copy();
    flagged.flags.add(new Flag(command, name, text));
    flagged.uses.add(command);
    return flagged;
  }

  /** For both evaluations, with the same flag and text as for {@code pretrain}. */
  Setting<T> alsoInEvaluations() {
    Setting<T> all = copy();
    for (Flag flag : flags) {
      all.flags.add(new Flag(Use.LINEAR, flag.name(), flag.text()));
      all.flags.add(new Flag(Use.KNN, flag.name(), flag.text()));
    }
    all.uses.addAll(List.of(Use.LINEAR, Use.KNN));
    return all;
  }

  /** For nodes of a cluster, with the same flag and text as for {@code pretrain}. */
  Setting<T> alsoOnNodes() {
    Setting<T> all = copy();
    flag(Use.PRETRAIN)
        .ifPresent(flag -> all.flags.add(new Flag(Use.NODE, flag.name(), flag.text())));
    all.uses.add(Use.NODE);
    return all;
  }

  /** For both evaluations, where it is that of the run which the checkpoint lies in. */
  Setting<T> ofTheRunInEvaluations() {
    Setting<T> theRuns = alsoInEvaluations();
    theRuns.ofTheRun = true;
    return theRuns;
  }

  /** The key without {@code urrl.}. */
  public String key() {
    return key;
  }

  /** The whole key. */
  public String path() {
    return ROOT + key;
  }

  Kind kind() {
    return kind;
  }

  /** The words that it may be; none for any. */
  List<String> words() {
    return words;
  }

  /** What a resume may do with it. */
  public ResumeRule rule() {
    return rule;
  }

  /** Its flag in a command, if it has one. */
  public Optional<Flag> flag(Use command) {
    return flags.stream().filter(flag -> flag.command() == command).findFirst();
  }

  /** Whether it does something in a command. */
  public boolean isUsedBy(Use command) {
    return uses.contains(command);
  }

  /** Whether a command takes it from the run of its checkpoint where nothing else is said. */
  public boolean isOfTheRun(Use command) {
    return ofTheRun && (command == Use.LINEAR || command == Use.KNN);
  }

  /**
   * Its value.
   *
   * @param config that has the key
   * @throws UsageException when the value is out of its bounds; names the key, the bound and the
   *     value
   */
  public T of(Config config) {
    T value = reader.apply(config, path());
    for (Bound<T> bound : bounds) {
      if (!bound.holds().test(value)) {
        Object shown = kind == Kind.TEXT ? "'" + value + "'" : value;
        throw new UsageException("%s must %s, not %s".formatted(key, bound.must(), shown));
      }
    }
    return value;
  }
}
