package io.urrl.actors.run;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Who computes what: the leases of the open steps. A state machine without actors, threads or
 * clocks; time comes in as milliseconds of any origin.
 *
 * <p>Micro-batches are granted in order of (step, index). One that comes back is granted again
 * before any other, and even to a worker that is full: all others may hold later steps, which
 * cannot be computed before this one. A micro-batch is done when the shard holds its result,
 * whoever computed it and under whichever attempt; a deadline gives it to a second worker and takes
 * nothing from the first.
 *
 * @param <W> a worker
 */
public final class Ledger<W> {
  /** Workers that may compute one micro-batch at a time. */
  private static final int MOST_HOLDERS = 2;

  /** How long a result that was handed to the streams may be on its way, in milliseconds. */
  static final long LOST_AFTER = 2_000;

  /** A lease and who holds it. */
  public record Assignment<W>(W worker, Lease lease) {}

  private static final class Grant {
    private final int attempt;
    private final long at;
    private long sentAt = -1;

    Grant(int attempt, long at) {
      this.attempt = attempt;
      this.at = at;
    }
  }

  private static final class Entry<W> {
    private final Map<W, Grant> holders = new LinkedHashMap<>();
    private int attempts;
    private Result result;
  }

  private final int microBatches;
  private final long steps;
  private final int window;
  private final int staleness;
  private final Map<W, Integer> capacities = new LinkedHashMap<>();
  private final TreeMap<MicroBatchId, Entry<W>> open = new TreeMap<>();

  /** Micro-batches that want another worker, before any new one is granted. */
  private final TreeSet<MicroBatchId> wanted = new TreeSet<>();

  /** Workers of which nothing is heard: they may be gone, and may be back the next moment. */
  private final Set<W> doubted = new HashSet<>();

  /** Workers whose leases are others than they were told. */
  private final Set<W> changed = new LinkedHashSet<>();

  private MicroBatchId next;
  private long version;
  private long openedAt;

  /**
   * @param microBatches micro-batches M of a step
   * @param version steps that are already applied
   * @param steps steps of the whole run
   * @param staleness steps that a gradient may lag behind
   * @param lookahead steps beyond those that may be computed now, for which views are prepared
   * @param now time
   */
  public Ledger(
      int microBatches, long version, long steps, int staleness, int lookahead, long now) {
    this.microBatches = microBatches;
    this.version = version;
    this.steps = steps;
    this.staleness = staleness;
    this.window = staleness + 1 + lookahead;
    this.next = new MicroBatchId(version, 0);
    this.openedAt = now;
  }

  /** Steps applied. */
  public long version() {
    return version;
  }

  /** Workers that may hold leases. */
  public int workers() {
    return capacities.size();
  }

  /** All workers that may hold leases. */
  public List<W> everyWorker() {
    return List.copyOf(capacities.keySet());
  }

  /** Lets a worker hold up to {@code capacity} leases. */
  public void join(W worker, int capacity) {
    capacities.put(worker, capacity);
  }

  /** Takes all leases of a worker that is gone; they are the next to be granted. */
  public void leave(W worker) {
    capacities.remove(worker);
    doubted.remove(worker);
    changed.remove(worker);
    open.forEach((id, entry) -> release(id, entry, worker));
  }

  /**
   * Nothing is heard of a worker: others compute what it holds, too, and it is granted nothing more
   * while there are others.
   *
   * @return whether that is news
   */
  public boolean doubt(W worker) {
    if (!capacities.containsKey(worker) || !doubted.add(worker)) {
      return false;
    }
    open.forEach(
        (id, entry) -> {
          boolean alone = entry.holders.size() == 1 && entry.holders.containsKey(worker);
          if (alone && entry.result == null && capacities.size() > 1) {
            wanted.add(id);
          }
        });
    return true;
  }

  /** A worker is heard of again. */
  public void trust(W worker) {
    doubted.remove(worker);
  }

  /** Grants whatever can be granted now, see {@link #takeChanged}. */
  public void grant(long now) {
    for (MicroBatchId id : List.copyOf(wanted)) {
      Optional<W> worker = leastLoaded(open.get(id).holders.keySet());
      if (worker.isPresent()) {
        wanted.remove(id);
        grantTo(worker.get(), id, now);
      }
    }
    while (next.step() < Math.min(steps, version + window)) {
      Optional<W> worker = leastLoaded(Set.of());
      if (worker.isEmpty() || held(worker.get()) >= capacities.get(worker.get())) {
        break;
      }
      open.put(next, new Entry<>());
      grantTo(worker.get(), next, now);
      boolean last = next.index() + 1 == microBatches;
      next =
          last
              ? new MicroBatchId(next.step() + 1, 0)
              : new MicroBatchId(next.step(), next.index() + 1);
    }
  }

  /** Workers whose leases have changed since this was asked before. */
  public List<W> takeChanged() {
    List<W> taken = List.copyOf(changed);
    changed.clear();
    return taken;
  }

  /** All that a worker holds, in order. */
  public List<Lease> leases(W worker) {
    List<Lease> leases = new ArrayList<>();
    open.forEach(
        (id, entry) -> {
          Grant grant = entry.holders.get(worker);
          if (grant != null) {
            leases.add(new Lease(id, grant.attempt));
          }
        });
    return leases;
  }

  /**
   * The shard holds a result.
   *
   * @return how long it took since its step was open and its first holder had it, in milliseconds;
   *     empty when it is no news
   */
  public Optional<Long> done(Result result, long now) {
    MicroBatchId id = result.id();
    boolean ours = id.step() >= version && id.index() < microBatches && id.compareTo(next) < 0;
    Entry<W> entry = ours ? open.get(id) : null;
    if (entry == null || entry.result != null) {
      return Optional.empty();
    }
    entry.result = result;
    wanted.remove(id);
    changed.addAll(entry.holders.keySet());
    long since = entry.holders.values().stream().mapToLong(grant -> grant.at).min().orElse(now);
    entry.holders.clear();
    return Optional.of(now - Math.max(since, openedAt));
  }

  /** A micro-batch is to be computed once more. */
  public void again(MicroBatchId id) {
    Entry<W> entry = open.get(id);
    if (entry != null) {
      changed.addAll(entry.holders.keySet());
      entry.holders.clear();
      entry.result = null;
      wanted.add(id);
    }
  }

  /** A worker says that it handed a result to the streams. */
  public void sent(W worker, Lease lease, long now) {
    Entry<W> entry = open.get(lease.id());
    Grant grant = entry == null ? null : entry.holders.get(worker);
    if (grant != null && grant.attempt == lease.attempt() && grant.sentAt < 0) {
      grant.sentAt = now;
    }
  }

  /**
   * Takes a lease back from a worker that cannot keep it.
   *
   * @return whether it held it
   */
  public boolean giveBack(W worker, Lease lease) {
    Entry<W> entry = open.get(lease.id());
    Grant grant = entry == null ? null : entry.holders.get(worker);
    if (grant == null || grant.attempt != lease.attempt()) {
      return false;
    }
    release(lease.id(), entry, worker);
    return true;
  }

  /** Takes the leases back whose results were sent and have not come. */
  public List<Assignment<W>> lost(long now) {
    List<Assignment<W>> lost = new ArrayList<>();
    open.forEach(
        (id, entry) ->
            entry.holders.forEach(
                (worker, grant) -> {
                  if (grant.sentAt >= 0 && now - grant.sentAt >= LOST_AFTER) {
                    lost.add(new Assignment<>(worker, new Lease(id, grant.attempt)));
                  }
                }));
    lost.forEach(one -> release(one.lease().id(), open.get(one.lease().id()), one.worker()));
    return lost;
  }

  /**
   * Wants a second worker for the leases that could have been computed for {@code timeout}
   * milliseconds and were not, where there is one. The clock of a lease starts when it is granted
   * or when the versions allow its step, whichever is later.
   *
   * @return the leases that are late, each said once
   */
  public List<Assignment<W>> late(long now, long timeout) {
    List<Assignment<W>> late = new ArrayList<>();
    open.forEach(
        (id, entry) -> {
          boolean waits = entry.result == null && id.step() <= version + staleness;
          if (waits
              && entry.holders.size() < Math.min(MOST_HOLDERS, capacities.size())
              && !wanted.contains(id)) {
            entry.holders.forEach(
                (worker, grant) -> {
                  if (now - Math.max(grant.at, openedAt) >= timeout) {
                    late.add(new Assignment<>(worker, new Lease(id, grant.attempt)));
                  }
                });
          }
        });
    late.forEach(one -> wanted.add(one.lease().id()));
    return late;
  }

  /** The results of the next step in order of micro-batch, once all are in. */
  public Optional<List<Result>> complete() {
    List<Result> results =
        IntStream.range(0, microBatches)
            .mapToObj(index -> open.get(new MicroBatchId(version, index)))
            .takeWhile(entry -> entry != null && entry.result != null)
            .map(entry -> entry.result)
            .toList();
    return results.size() == microBatches ? Optional.of(results) : Optional.empty();
  }

  /** The next step was applied; its leases are history. */
  public void applied(long now) {
    MicroBatchId end = new MicroBatchId(version + 1, 0);
    open.headMap(end).values().forEach(entry -> changed.addAll(entry.holders.keySet()));
    open.headMap(end).clear();
    wanted.headSet(end).clear();
    version++;
    openedAt = now;
  }

  private long held(W worker) {
    return open.values().stream().filter(entry -> entry.holders.containsKey(worker)).count();
  }

  private Optional<W> leastLoaded(Set<W> but) {
    boolean none = doubted.containsAll(capacities.keySet());
    return capacities.keySet().stream()
        .filter(worker -> !but.contains(worker) && (none || !doubted.contains(worker)))
        .min(Comparator.comparingLong(this::held));
  }

  private void grantTo(W worker, MicroBatchId id, long now) {
    Entry<W> entry = open.get(id);
    entry.holders.put(worker, new Grant(entry.attempts++, now));
    changed.add(worker);
  }

  private void release(MicroBatchId id, Entry<W> entry, W worker) {
    if (entry.holders.remove(worker) != null) {
      changed.add(worker);
      if (entry.holders.isEmpty() && entry.result == null) {
        wanted.add(id);
      }
    }
  }
}
