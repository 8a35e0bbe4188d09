package io.urrl.launch.command.chaos;

import io.urrl.launch.run.LedgerAudit;

/**
 * What is left of a run that was hit.
 *
 * @param staleness of the run
 * @param steps it was trained for
 * @param audit of its ledger
 * @param digest of its last checkpoint
 * @param undisturbed the same of a run that was not hit; empty where the bits need not be the same
 */
public record Verdict(
    int staleness, long steps, LedgerAudit.Report audit, String digest, String undisturbed) {

  /** Samples that trained twice, as far as they were counted. */
  public long repeated() {
    return audit.faults().stream().filter(fault -> fault.contains("came twice")).count();
  }

  /** Whether samples were lost or the ledger has other faults. */
  public long faults() {
    return audit.faults().size() - repeated();
  }

  /** Whether the bits are those of the undisturbed run, where they must be. */
  public boolean sameBits() {
    return undisturbed.isEmpty() || undisturbed.equals(digest);
  }
}
