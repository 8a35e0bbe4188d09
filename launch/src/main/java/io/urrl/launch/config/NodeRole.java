package io.urrl.launch.config;

import io.urrl.launch.NearestWords;
import io.urrl.launch.UsageException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a node may do in a cluster. */
public enum NodeRole {
  /** May hold the trainer, the record, the view supply and the coordinator of evaluations. */
  TRAINER,
  /** Holds parameter shards. */
  PARAMETERS,
  /** Computes micro-batches. */
  GPU,
  /** Makes views. */
  AUGMENT,
  /** Does evaluation jobs. */
  EVALUATE;

  /** Its name in settings, and in the cluster. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it reads and writes the run's directory. */
  public boolean needsRun() {
    return this == TRAINER || this == PARAMETERS;
  }

  /** All of them. */
  public static Set<NodeRole> all() {
    return EnumSet.allOf(NodeRole.class);
  }

  /**
   * Reads some of them, separated by commas.
   *
   * @throws UsageException naming a word that is none
   */
  public static Set<NodeRole> set(String text) {
    Set<NodeRole> roles = EnumSet.noneOf(NodeRole.class);
    for (String word : text.split(",", -1)) {
      roles.add(of(word.strip()));
    }
    return roles;
  }

  /**
   * The role of a name.
   *
   * @throws UsageException when it is none, with the one that may be meant
   */
  static NodeRole of(String word) {
    return Arrays.stream(values())
        .filter(role -> role.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "role '%s' is unknown: give %s%s"
                        .formatted(
                            word,
                            String.join(", ", words()),
                            NearestWords.question(
                                NearestWords.of(word, words()).stream().toList()))));
  }

  /** All names. */
  static List<String> words() {
    return Arrays.stream(values()).map(NodeRole::word).toList();
  }
}
