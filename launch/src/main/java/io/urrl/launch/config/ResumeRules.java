package io.urrl.launch.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueType;
import io.urrl.launch.UsageException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which settings a run keeps for life and which may be others when it is resumed. */
public final class ResumeRules {

  /** What a resume may do with a key. */
  public enum Rule {
    /** Stays: it is part of what the run computes. */
    FIXED,
    /** Stays while bits are to be the same: decides a gradient's last bits. */
    EXACT,
    /** May name another place or form of the same pictures, which their fingerprint proves. */
    SAME_CONTENT,
    /** May change: says how long the run goes on and how large its further steps are. */
    COURSE,
    /** May change: no bit of the training state depends on it. */
    FREE
  }

  private static final Map<String, Rule> RULES = new LinkedHashMap<>();

  static {
    put(Rule.SAME_CONTENT, "data.source");
    put(
        Rule.FIXED,
        "recipe",
        "encoder.arch",
        "encoder.width",
        "encoder.stem",
        "encoder.hidden",
        "encoder.dim",
        "encoder.image-size",
        "train.seed",
        "train.batch",
        "train.micro-batch",
        "train.bn-groups",
        "train.queue",
        "train.momentum",
        "train.temperature",
        "train.sgd-momentum",
        "train.weight-decay",
        "train.staleness");
    put(Rule.EXACT, "workers.tensor-threads", "workers.tensor-isa");
    put(
        Rule.COURSE,
        "train.epochs",
        "train.max-steps",
        "train.lr",
        "train.schedule",
        "train.warmup-steps",
        "train.on-nan",
        "train.exact");
    put(
        Rule.FREE,
        "run.dir",
        "data.max-broken",
        "workers.gpu",
        "workers.augment",
        "workers.prefetch",
        "workers.lease-timeout",
        "workers.view-timeout",
        "workers.samples-per-task",
        "stream.aeron-directory",
        "stream.mode",
        "stream.host",
        "stream.mtu",
        "stream.term-length",
        "stream.send-timeout",
        "checkpoint.every",
        "checkpoint.keep",
        "evaluate.knn-every",
        "evaluate.knn-neighbours",
        "evaluate.knn-temperature",
        "evaluate.linear.epochs",
        "evaluate.linear.lr",
        "evaluate.linear.batch");
  }

  private static void put(Rule rule, String... keys) {
    for (String key : keys) {
      RULES.put(key, rule);
    }
  }

  /** Every key of {@code cluster.conf}, without {@code urrl.}, and its rule. */
  public static Map<String, Rule> all() {
    return new TreeMap<>(RULES);
  }

  /**
   * Checks what is asked of a resumed run before anything else is checked: a value that does not
   * fit the run's others is refused for being another one.
   *
   * @param before what the run has
   * @param now what it is asked to go on with
   * @return what changes in its course, one text a key; for people
   * @throws UsageException naming the first key that may not change, with both values
   */
  public static List<String> check(Config before, Config now) {
    List<String> changes = new ArrayList<>();
    RULES.forEach(
        (key, rule) -> {
          String path = SettingsLoader.qualified(key);
          if (same(before, now, path)) {
            return;
          }
          String change =
              "%s is %s and was %s".formatted(key, now.getString(path), before.getString(path));
          switch (rule) {
            case FIXED ->
                throw new UsageException(
                    change + " when the run began; leave it out, or begin another --run");
            case EXACT -> {
              if (now.getString(SettingsLoader.qualified("train.exact")).equals("strict")) {
                throw new UsageException(
                    change
                        + " when the run began, which changes a gradient's last bits; leave it out,"
                        + " or admit that with --set train.exact=relaxed");
              }
              changes.add(change);
            }
            case COURSE -> changes.add(change);
            case SAME_CONTENT, FREE -> {
              // Nothing that a person must hear of.
            }
          }
        });
    return changes;
  }

  /** Numbers are compared as such: 0.2 and 0.20 are the same. */
  private static boolean same(Config before, Config now, String path) {
    boolean number = SettingsLoader.defaults().getValue(path).valueType() == ConfigValueType.NUMBER;
    return number
        ? new BigDecimal(before.getString(path)).compareTo(new BigDecimal(now.getString(path))) == 0
        : before.getString(path).equals(now.getString(path));
  }

  private ResumeRules() {}
}
