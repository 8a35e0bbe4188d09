package io.urrl.actors.run;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.TrainerCommand.SliceWritten;
import io.urrl.actors.protocol.TrainerCommand.Standing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The shards of a term, each with a slice of the parameters, and what they say of themselves put
 * together: the term is at the version that all have reached, and a result counts when every shard
 * holds its slice of it. For the trainer's thread.
 */
final class TermShards {
  private final List<ActorRef<ShardCommand>> shards;
  private final long[] versions;

  /** The finite results that each holds. */
  private final List<TreeMap<MicroBatchId, Result>> held = new ArrayList<>();

  private final BitSet heard = new BitSet();

  /** Those that have written their slice of the checkpoint that is under way. */
  private final Set<ActorRef<ShardCommand>> written = new HashSet<>();

  /**
   * @param standings at which the term begins, in the order of the slices; they agree on the
   *     version
   */
  TermShards(List<Standing> standings) {
    shards = standings.stream().map(Standing::shard).toList();
    versions = standings.stream().mapToLong(Standing::version).toArray();
    shards.forEach(shard -> held.add(new TreeMap<>()));
    heard.set(0, shards.size());
  }

  /** One for each slice, in order. */
  List<ActorRef<ShardCommand>> all() {
    return shards;
  }

  /** Optimiser steps that all shards have applied. */
  long version() {
    return Arrays.stream(versions).min().orElseThrow();
  }

  /**
   * Takes what a shard says of itself, which may be late.
   *
   * @return the results that count now: of those whose slices are with all shards the first
   *     slice's; those that are not finite have no slices and count wherever they came
   */
  List<Result> take(Standing standing) {
    int slice = shards.indexOf(standing.shard());
    heard.set(slice);
    versions[slice] = Math.max(versions[slice], standing.version());
    MicroBatchId open = new MicroBatchId(version(), 0);
    held.forEach(results -> results.headMap(open).clear());
    List<Result> counting = new ArrayList<>();
    for (Result result : standing.results()) {
      if (!result.finite()) {
        counting.add(result);
      } else {
        held.get(slice).putIfAbsent(result.id(), result);
        if (held.stream().allMatch(results -> results.containsKey(result.id()))) {
          counting.add(held.getFirst().get(result.id()));
        }
      }
    }
    return counting;
  }

  /** Tells something to those that are not at a version yet. */
  void tellBehind(long version, ShardCommand order) {
    at(IntStream.range(0, shards.size()).filter(slice -> versions[slice] < version))
        .forEach(shard -> shard.tell(order));
  }

  /** Asks those for a word that have given none since this was done before. */
  void ask(ShardCommand question) {
    at(IntStream.range(0, shards.size()).filter(slice -> !heard.get(slice)))
        .forEach(shard -> shard.tell(question));
    heard.clear();
  }

  private Stream<ActorRef<ShardCommand>> at(IntStream slices) {
    return slices.mapToObj(shards::get);
  }

  /** Another checkpoint is to be written. */
  void beginWriting() {
    written.clear();
  }

  /** Tells what to write to the first slice's shard when all others have written theirs. */
  void tellToWrite(ShardCommand.WriteCheckpoint order) {
    if (written.size() == shards.size() - 1) {
      shards.getFirst().tell(order);
    } else {
      shards.stream()
          .skip(1)
          .filter(shard -> !written.contains(shard))
          .forEach(shard -> shard.tell(order));
    }
  }

  /**
   * A shard has written its slice.
   *
   * @return whether it was the last one that the first slice's shard waits for
   */
  boolean onWritten(SliceWritten slice) {
    return shards.indexOf(slice.shard()) > 0
        && written.add(slice.shard())
        && written.size() == shards.size() - 1;
  }
}
