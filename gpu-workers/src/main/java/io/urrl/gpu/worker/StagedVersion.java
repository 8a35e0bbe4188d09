package io.urrl.gpu.worker;

import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.TensorAssembly;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Room for one version of the parameters on its way from the shard to the replica: either the whole
 * state, or what changed with one step (the query encoder's parameters and the keys that entered
 * the queue). While chunks arrive the receive thread owns it, afterwards the worker.
 */
final class StagedVersion {
  private final TensorAssembly query;
  private final TensorAssembly key;
  private final TensorAssembly rows;
  private final int term;
  private long version;
  private boolean whole;
  private int pointer;

  /**
   * @param term the term whose versions it receives
   * @param parameterBytes bytes of the flat parameters
   * @param queueBytes bytes of the whole negative queue
   */
  StagedVersion(int term, long parameterBytes, long queueBytes) {
    this.term = term;
    query = TensorAssembly.filling(Arena.ofAuto().allocate(parameterBytes, 64));
    key = TensorAssembly.filling(Arena.ofAuto().allocate(parameterBytes, 64));
    rows = TensorAssembly.upTo(Arena.ofAuto().allocate(queueBytes, 64));
  }

  void begin(long version, boolean whole) {
    this.version = version;
    this.whole = whole;
    query.begin();
    key.begin();
    rows.begin();
  }

  int term() {
    return term;
  }

  long version() {
    return version;
  }

  /** Whether this is the whole state rather than one step's change. */
  boolean whole() {
    return whole;
  }

  /**
   * Query encoder's parameters.
   *
   * @param fresh memory for the next version's; the worker keeps what it gets
   */
  MemorySegment exchangeQuery(MemorySegment fresh) {
    return query.exchange(fresh);
  }

  MemorySegment query() {
    return query.tensor();
  }

  /** Key encoder's parameters; filled in the whole state only. */
  MemorySegment key() {
    return key.tensor();
  }

  /** Queue rows: all K of them, or those that the step enqueued. */
  MemorySegment rows() {
    return rows.tensor();
  }

  /** Row of the queue that the next key goes to, after the whole state. */
  int pointer() {
    return pointer;
  }

  /** Digest of the query encoder's parameters at the shard. */
  long queryDigest() {
    return query.digest();
  }

  /** Digest of the whole queue at the shard. */
  long queueDigest() {
    return rows.digest();
  }

  /** Digest of query encoder, key encoder and queue at the shard. */
  long stateDigest() {
    return query.basis();
  }

  /**
   * Takes the next bytes of a part.
   *
   * @return whether they were the next ones
   */
  boolean accept(ChunkHeader header, MemorySegment bytes) {
    return switch (header.kind()) {
      case PARAMETERS -> query.accept(header, bytes);
      case KEY_PARAMETERS -> whole && key.accept(header, bytes);
      case QUEUE -> {
        pointer = header.place();
        yield rows.accept(header, bytes);
      }
      case VIEWS, GRADIENT, KEYS, STATISTICS, MOMENTUM, REPORT -> false;
    };
  }

  boolean complete() {
    return query.isComplete() && (!whole || key.isComplete()) && rows.isComplete();
  }
}
