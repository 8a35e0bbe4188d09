package io.urrl.actors.run;

import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.Standing;
import io.urrl.actors.protocol.TrainerCommand.TermJoined;
import io.urrl.actors.protocol.TrainerCommand.TermTaken;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Begins the terms of a run, one after the other: takes the shards that are there, claims a term,
 * and brings them to one version. For the trainer's thread.
 */
final class TermStart {
  /** Whom it serves. */
  interface Owner {
    ActorRef<TrainerCommand> self();

    /** From now on the end of this shard is to be told here. */
    void watch(ActorRef<ShardCommand> shard);

    /** Something that people should know. */
    void notice(String text);

    /** No term can be begun; the text says why and what to do. */
    void fail(String text);
  }

  private final RunBrief brief;
  private final TermClaims claims;
  private final Owner owner;
  private final ShardPool pool;

  /** The shards of the present term, one for each slice; empty while there is none. */
  private List<ActorRef<ShardCommand>> shards = List.of();

  /** The highest term that is known to have been begun. */
  private int term;

  /** The term that is to open when its shards stand at one version; null when none is. */
  private TermOpening opening;

  TermStart(TrainerSettings settings, TermClaims claims, LongSupplier millis, Owner owner) {
    brief = settings.brief();
    this.claims = claims;
    this.owner = owner;
    pool = new ShardPool(settings.slices(), settings.shards(), millis);
  }

  /** The present term, or the one before while none is. */
  int term() {
    return term;
  }

  /** The shards of the present term, one for each slice. */
  List<ActorRef<ShardCommand>> shards() {
    return shards;
  }

  /** These shards are there, as far as is known. */
  void onFound(Set<ActorRef<ShardCommand>> found) {
    pool.list(found);
    beginWhenTheyAreThere();
  }

  private void beginWhenTheyAreThere() {
    if (shards.isEmpty()) {
      pool.choose().ifPresent(this::beginWith);
    }
  }

  private void beginWith(ShardPool.Choice choice) {
    shards = choice.shards();
    if (shards.size() < choice.wanted()) {
      owner.notice(
          "%d of %d parameter shards are here; going on with %d"
              .formatted(shards.size(), choice.wanted(), shards.size()));
    }
    shards.forEach(owner::watch);
    begin();
  }

  private void begin() {
    try {
      term = claims.claim(term);
    } catch (IOException e) {
      owner.fail(e.getMessage());
      return;
    }
    opening = new TermOpening(term, brief, shards, owner.self());
    opening.say();
  }

  /**
   * A shard is in a higher term than this trainer's: somebody else was here.
   *
   * @return whether another term begins
   */
  boolean onTaken(TermTaken taken) {
    if (!shards.contains(taken.shard()) || taken.highest() < term) {
      return false;
    }
    term = taken.highest();
    begin();
    return true;
  }

  void onJoined(TermJoined joined) {
    if (opening != null) {
      opening.onJoined(joined);
    }
  }

  /** Whether this is said in the present term by one of its shards. */
  boolean isOurs(Standing standing) {
    return standing.term() == term && shards.contains(standing.shard());
  }

  /**
   * A shard says where it stands at the beginning of a term.
   *
   * @return where all of them stand, at one version, when the term is open; says so once
   */
  Optional<List<Standing>> onStanding(Standing standing) {
    if (opening == null) {
      return Optional.empty();
    }
    opening.onStanding(standing);
    Optional<List<Standing>> all = opening.standings();
    if (all.isPresent()) {
      opening = null;
    }
    return all;
  }

  /**
   * A shard is gone, whether it took part or not.
   *
   * @return whether it took part: the term is over
   */
  boolean onGone(ActorRef<ShardCommand> shard) {
    pool.remove(shard);
    if (!shards.contains(shard)) {
      return false;
    }
    shards = List.of();
    opening = null;
    return true;
  }

  /** Says again what was not answered, and looks again for shards. */
  void onTick() {
    if (opening != null) {
      opening.say();
    } else {
      beginWhenTheyAreThere();
    }
  }
}
