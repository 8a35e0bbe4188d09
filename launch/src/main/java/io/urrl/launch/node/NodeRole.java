package io.urrl.launch.node;

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

  private static NodeRole of(String word) {
    return Arrays.stream(values())
        .filter(role -> role.word().equals(word))
        .findFirst()
        .orElseThrow(() -> unknown(word));
  }

  private static UsageException unknown(String word) {
    List<String> words = Arrays.stream(values()).map(NodeRole::word).toList();
    List<String> near = words.stream().filter(known -> NearestWords.near(word, known)).toList();
    return new UsageException(
        "'%s' is no role%s; roles are %s"
            .formatted(word, NearestWords.question(near), String.join(", ", words)));
  }
}
