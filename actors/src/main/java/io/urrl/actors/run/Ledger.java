package io.urrl.actors.run;

import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.Lease;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Who computes what: the leases of the open steps. A state machine without actors, threads or
 * clocks; time comes in as milliseconds of any origin.
 *
 * <p>Micro-batches are granted in order of (step, index). A lease that comes back is granted again
 * before any other, and even to a worker that is full: all others may hold later steps, which
 * cannot be computed before this one.
 *
 * @param <W> a worker
 * @param <R> what a worker says of a computed micro-batch
 */
public final class Ledger<W, R> {

  /** A lease and who holds it. */
  public record Assignment<W>(W worker, Lease lease) {}

  private static final class Entry<W, R> {
    private int attempt = -1;
    private W holder;
    private long grantedAt;
    private R result;
  }

  private final int microBatches;
  private final long steps;
  private final int window;
  private final int staleness;
  private final Map<W, Integer> capacities = new LinkedHashMap<>();
  private final Map<W, Integer> held = new HashMap<>();
  private final TreeMap<MicroBatchId, Entry<W, R>> open = new TreeMap<>();
  private final TreeSet<MicroBatchId> returned = new TreeSet<>();
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

  /** Leases that are out. */
  public int leased() {
    return held.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Lets a worker hold up to {@code capacity} leases. */
  public void join(W worker, int capacity) {
    capacities.put(worker, capacity);
    held.putIfAbsent(worker, 0);
  }

  /** Takes all leases of a worker that is gone; they are the next to be granted. */
  public void leave(W worker) {
    capacities.remove(worker);
    open.forEach(
        (id, entry) -> {
          if (worker.equals(entry.holder)) {
            takeBack(id, entry);
          }
        });
    held.remove(worker);
  }

  /** Grants whatever can be granted now; each assignment is to be told to its worker. */
  public List<Assignment<W>> grant(long now) {
    List<Assignment<W>> grants = new ArrayList<>();
    while (!returned.isEmpty() && !capacities.isEmpty()) {
      grants.add(grantTo(leastLoaded(), returned.pollFirst(), now));
    }
    while (next.step() < Math.min(steps, version + window)) {
      W worker = leastLoaded();
      if (worker == null || held.get(worker) >= capacities.get(worker)) {
        break;
      }
      grants.add(grantTo(worker, next, now));
      boolean last = next.index() + 1 == microBatches;
      next =
          last
              ? new MicroBatchId(next.step() + 1, 0)
              : new MicroBatchId(next.step(), next.index() + 1);
    }
    return grants;
  }

  /**
   * Takes a result.
   *
   * @return whether it counts: the worker holds the lease, and no other attempt was begun since
   */
  public boolean trained(W worker, Lease lease, R result) {
    Entry<W, R> entry = open.get(lease.id());
    if (entry == null || entry.attempt != lease.attempt() || !worker.equals(entry.holder)) {
      return false;
    }
    release(entry);
    entry.result = result;
    return true;
  }

  /**
   * Takes a lease back, whether its result is in or not.
   *
   * @return whether this attempt was the one that counts
   */
  public boolean giveBack(Lease lease) {
    Entry<W, R> entry = open.get(lease.id());
    if (entry == null || entry.attempt != lease.attempt() || returned.contains(lease.id())) {
      return false;
    }
    takeBack(lease.id(), entry);
    return true;
  }

  /**
   * Takes a micro-batch back, whoever computed it.
   *
   * @return whether it was out
   */
  public boolean takeBack(MicroBatchId id) {
    Entry<W, R> entry = open.get(id);
    return entry != null && giveBack(new Lease(id, entry.attempt));
  }

  /**
   * Takes back the leases that could have been computed for {@code timeout} milliseconds and were
   * not. The clock of a lease starts when it is granted or when the versions allow its step,
   * whichever is later.
   */
  public List<Assignment<W>> expire(long now, long timeout) {
    List<Assignment<W>> expired = new ArrayList<>();
    open.forEach(
        (id, entry) -> {
          boolean computable = id.step() <= version + staleness;
          boolean late = now - Math.max(entry.grantedAt, openedAt) >= timeout;
          if (entry.holder != null && computable && late) {
            expired.add(new Assignment<>(entry.holder, new Lease(id, entry.attempt)));
            takeBack(id, entry);
          }
        });
    return expired;
  }

  /** The results of the next step in order of micro-batch, once all are in. */
  public Optional<List<R>> complete() {
    List<R> results =
        IntStream.range(0, microBatches)
            .mapToObj(index -> open.get(new MicroBatchId(version, index)))
            .takeWhile(entry -> entry != null && entry.result != null)
            .map(entry -> entry.result)
            .toList();
    return results.size() == microBatches ? Optional.of(results) : Optional.empty();
  }

  /** The next step was applied; its leases are history. */
  public void applied(long now) {
    open.headMap(new MicroBatchId(version + 1, 0)).clear();
    version++;
    openedAt = now;
  }

  private W leastLoaded() {
    return capacities.keySet().stream().min(Comparator.comparing(held::get)).orElse(null);
  }

  private Assignment<W> grantTo(W worker, MicroBatchId id, long now) {
    Entry<W, R> entry = open.computeIfAbsent(id, absent -> new Entry<>());
    entry.attempt++;
    entry.holder = worker;
    entry.grantedAt = now;
    entry.result = null;
    held.merge(worker, 1, Integer::sum);
    return new Assignment<>(worker, new Lease(id, entry.attempt));
  }

  private void takeBack(MicroBatchId id, Entry<W, R> entry) {
    release(entry);
    entry.result = null;
    returned.add(id);
  }

  private void release(Entry<W, R> entry) {
    if (entry.holder != null) {
      held.computeIfPresent(entry.holder, (worker, count) -> count - 1);
      entry.holder = null;
    }
  }
}
