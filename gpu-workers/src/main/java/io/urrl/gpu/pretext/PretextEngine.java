package io.urrl.gpu.pretext;

import io.urrl.actors.protocol.RunBrief;

/** A device, and the library that computes on it. */
public interface PretextEngine {

  /** The same with another number of threads, which decides the last bits of a CPU's gradients. */
  PretextEngine withThreads(int threads);

  /** The device, for people. */
  String describe();

  /** Digest of a small fixed pass: equal for engines that compute the same bits. */
  long probe();

  /** A replica for a run; its parameters are undefined until they are written. */
  Pretext open(RunBrief brief);
}
