package io.urrl.actors.run;

/**
 * When the state is kept aside for a checkpoint and when that one may be written: the shard keeps
 * one snapshot at a time. Versions count steps.
 */
final class CheckpointCalendar {
  private static final long NONE = -1;

  /** What an update does about checkpoints. */
  enum Choice {
    /** Nothing: none is due, or the one before is under way and this one may be left out. */
    PASS,
    /** The state after the update is kept aside. */
    KEEP,
    /** The update itself waits until the checkpoint before is on disk. */
    WAIT
  }

  private final long steps;
  private final int every;
  private final int judgeEvery;
  private long snapshot = NONE;
  private long saved;
  private boolean writing;
  private String last;

  /**
   * @param steps length of the run; its end is a checkpoint
   * @param every steps between checkpoints, 0 for no others
   * @param judgeEvery steps between those that an evaluation needs, 0 for none
   * @param saved version of the newest checkpoint
   * @param last its path, empty when there is none
   */
  CheckpointCalendar(long steps, int every, int judgeEvery, long saved, String last) {
    this.steps = steps;
    this.every = every;
    this.judgeEvery = judgeEvery;
    this.saved = saved;
    this.last = last;
  }

  /**
   * Says what the update that leads to {@code version} does.
   *
   * @param stopping whether the run is to end with the next checkpoint
   */
  Choice choose(long version, boolean stopping) {
    boolean wanted = stopping || version == steps || isMultiple(version, judgeEvery);
    if (!wanted && !isMultiple(version, every)) {
      return Choice.PASS;
    }
    if (snapshot == NONE) {
      snapshot = version;
      return Choice.KEEP;
    }
    return wanted ? Choice.WAIT : Choice.PASS;
  }

  /** Version at which a resumed run would begin. */
  long saved() {
    return saved;
  }

  /** Wants the state that the shard has at {@code version}, unless a checkpoint is under way. */
  void want(long version) {
    if (snapshot == NONE) {
      snapshot = version;
    }
  }

  private static boolean isMultiple(long version, int every) {
    return every > 0 && version % every == 0;
  }

  /**
   * Whether the snapshot may be written now that the shard is at {@code version}. Says so once for
   * each.
   */
  boolean mayWrite(long version) {
    boolean may = snapshot != NONE && version >= snapshot && !writing;
    writing |= may;
    return may;
  }

  /** Version of the snapshot that the shard keeps or writes. */
  long snapshot() {
    return snapshot;
  }

  /**
   * A checkpoint is on disk.
   *
   * @return whether it is the one that was under way
   */
  boolean written(long version, String path) {
    if (version != snapshot) {
      return false;
    }
    last = path;
    saved = version;
    snapshot = NONE;
    writing = false;
    return true;
  }

  /** The snapshot cannot be written; a later one may. */
  void dropped(long version) {
    if (version == snapshot) {
      snapshot = NONE;
      writing = false;
    }
  }

  /** Path of the newest checkpoint, empty when there is none yet. */
  String last() {
    return last;
  }
}
