package io.urrl.gpu.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Room for one version of the parameters on its way from the shard to the replica: either the whole
 * state, or what changed with one step (the query encoder's parameters and the keys that entered
 * the queue). While chunks arrive the receive thread owns it, afterwards the worker.
 */
final class StagedVersion {
  private final MemorySegment key;
  private final MemorySegment rows;
  private final int term;
  private MemorySegment query;
  private long version;
  private boolean whole;
  private int pointer;
  private long queryBytes;
  private long keyBytes;
  private long rowBytes;
  private long rowTotal;
  private long queryDigest;
  private long queueDigest;
  private long stateDigest;

  /**
   * @param term the term whose versions it receives
   * @param parameterBytes bytes of the flat parameters
   * @param queueBytes bytes of the whole negative queue
   */
  StagedVersion(int term, long parameterBytes, long queueBytes) {
    this.term = term;
    query = Arena.ofAuto().allocate(parameterBytes, 64);
    key = Arena.ofAuto().allocate(parameterBytes, 64);
    rows = Arena.ofAuto().allocate(queueBytes, 64);
  }

  void begin(long version, boolean whole) {
    this.version = version;
    this.whole = whole;
    queryBytes = 0;
    keyBytes = 0;
    rowBytes = 0;
    rowTotal = -1;
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

  MemorySegment query() {
    return query;
  }

  /** Gives other memory for the next version's parameters; the worker keeps {@link #query}. */
  void replaceQuery(MemorySegment other) {
    query = other;
  }

  /** Key encoder's parameters; filled in the whole state only. */
  MemorySegment key() {
    return key;
  }

  /** Queue rows: all K of them, or those that the step enqueued. */
  MemorySegment rows() {
    return rows.asSlice(0, rowTotal);
  }

  /** Row of the queue that the next key goes to, after the whole state. */
  int pointer() {
    return pointer;
  }

  /** Digest of the query encoder's parameters at the shard. */
  long queryDigest() {
    return queryDigest;
  }

  /** Digest of the whole queue at the shard. */
  long queueDigest() {
    return queueDigest;
  }

  /** Digest of query encoder, key encoder and queue at the shard. */
  long stateDigest() {
    return stateDigest;
  }

  boolean acceptQuery(long digest, long basis, long offset, MemorySegment bytes) {
    boolean next = offset == queryBytes && offset + bytes.byteSize() <= query.byteSize();
    if (next) {
      query.asSlice(offset, bytes.byteSize()).copyFrom(bytes);
      queryBytes += bytes.byteSize();
      queryDigest = digest;
      stateDigest = basis;
    }
    return next;
  }

  boolean acceptKey(long offset, MemorySegment bytes) {
    boolean next = whole && offset == keyBytes && offset + bytes.byteSize() <= key.byteSize();
    if (next) {
      key.asSlice(offset, bytes.byteSize()).copyFrom(bytes);
      keyBytes += bytes.byteSize();
    }
    return next;
  }

  boolean acceptRows(long digest, long offset, long total, int pointer, MemorySegment bytes) {
    boolean next =
        offset == rowBytes && total <= rows.byteSize() && offset + bytes.byteSize() <= total;
    if (next) {
      this.pointer = pointer;
      rowTotal = total;
      queueDigest = digest;
      rows.asSlice(offset, bytes.byteSize()).copyFrom(bytes);
      rowBytes += bytes.byteSize();
    }
    return next;
  }

  boolean complete() {
    boolean keys = !whole || keyBytes == key.byteSize();
    return queryBytes == query.byteSize() && keys && rowBytes == rowTotal;
  }
}
