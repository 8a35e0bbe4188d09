package io.urrl.actors.run;

import java.io.IOException;

/**
 * The terms of a run over all trainers that ever work on it. It has to outlive them, so that no two
 * begin the same one, whoever dies and whoever comes back.
 */
@FunctionalInterface
public interface TermClaims {

  /**
   * Claims a term that nobody has claimed and nobody will.
   *
   * @param above a term that is known to be taken, 0 for none
   * @return a term higher than {@code above} and than all that were claimed before
   * @throws IOException with a text for people when it cannot be put down
   */
  int claim(int above) throws IOException;
}
