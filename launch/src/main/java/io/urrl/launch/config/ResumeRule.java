package io.urrl.launch.config;

/** What a resumed run may do with a setting. */
public enum ResumeRule {
  /** Stays: it is part of what the run computes. */
  FIXED,
  /** Stays while bits are to be the same: decides a gradient's last bits. */
  EXACT,
  /** May name another place or form of the same pictures, which their fingerprint proves. */
  SAME_CONTENT,
  /** May change: says how long the run goes on and how large its further steps are. */
  COURSE,
  /** May change: no bit of the training state depends on it. */
  FREE
}
