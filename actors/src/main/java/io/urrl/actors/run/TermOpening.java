package io.urrl.actors.run;

import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.ShardCommand.OpenTerm;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.Standing;
import io.urrl.actors.protocol.TrainerCommand.TermJoined;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Brings the shards of a new term to one version. Where each holds its slice at the same version of
 * the same earlier term, they go on with that; otherwise the first one reads the newest whole
 * checkpoint and all others the same one. For the trainer's thread.
 */
final class TermOpening {
  private final int term;
  private final RunBrief brief;
  private final List<ActorRef<ShardCommand>> shards;
  private final ActorRef<TrainerCommand> trainer;
  private final Map<ActorRef<ShardCommand>, TermJoined> joined = new HashMap<>();
  private final Map<ActorRef<ShardCommand>, Standing> standings = new HashMap<>();

  /**
   * @param shards one for each slice, in order
   */
  TermOpening(
      int term,
      RunBrief brief,
      List<ActorRef<ShardCommand>> shards,
      ActorRef<TrainerCommand> trainer) {
    this.term = term;
    this.brief = brief;
    this.shards = shards;
    this.trainer = trainer;
  }

  /** Says to every shard what it has not answered yet. */
  void say() {
    for (int slice = 0; slice < shards.size(); slice++) {
      ActorRef<ShardCommand> shard = shards.get(slice);
      if (!joined.containsKey(shard)) {
        shard.tell(new ShardCommand.BeginTerm(term, brief, slice, shards.size(), trainer));
      } else if (!standings.containsKey(shard)) {
        order(slice).ifPresent(shard::tell);
      }
    }
  }

  /** At what a shard is to open the term, as far as that is clear. */
  private Optional<OpenTerm> order(int slice) {
    if (joined.size() < shards.size()) {
      return Optional.empty();
    }
    if (isHeldByAll()) {
      return Optional.of(new OpenTerm(term, joined.get(shards.getFirst()).heldVersion(), true));
    }
    if (slice == 0) {
      return Optional.of(new OpenTerm(term, OpenTerm.NEWEST, false));
    }
    return Optional.ofNullable(standings.get(shards.getFirst()))
        .map(standing -> new OpenTerm(term, standing.version(), false));
  }

  /** Whether all hold their slices of one version, which they came to in one term. */
  private boolean isHeldByAll() {
    TermJoined first = joined.get(shards.getFirst());
    return first.heldTerm() > 0
        && joined.values().stream()
            .allMatch(
                one ->
                    one.heldTerm() == first.heldTerm() && one.heldVersion() == first.heldVersion());
  }

  void onJoined(TermJoined answer) {
    if (isOurs(answer.shard(), answer.term())
        && joined.putIfAbsent(answer.shard(), answer) == null) {
      if (joined.size() == shards.size()) {
        say();
      }
    }
  }

  void onStanding(Standing standing) {
    boolean fresh =
        isOurs(standing.shard(), standing.term())
            && standings.put(standing.shard(), standing) == null;
    if (fresh && standing.shard().equals(shards.getFirst()) && !isHeldByAll()) {
      say();
    }
  }

  private boolean isOurs(ActorRef<ShardCommand> shard, int ofTerm) {
    return ofTerm == term && shards.contains(shard);
  }

  /**
   * Where all shards stand, in the order of their slices, when the term is open at all of them.
   *
   * @throws IllegalStateException when they do not stand at one version, which no order of this
   *     trainer leads to
   */
  Optional<List<Standing>> standings() {
    if (standings.size() < shards.size()) {
      return Optional.empty();
    }
    List<Standing> all = new ArrayList<>();
    IntStream.range(0, shards.size()).forEach(slice -> all.add(standings.get(shards.get(slice))));
    if (all.stream().mapToLong(Standing::version).distinct().count() > 1) {
      throw new IllegalStateException("term " + term + " begins at several versions: " + all);
    }
    return Optional.of(all);
  }
}
