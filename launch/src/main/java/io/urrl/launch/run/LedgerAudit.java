package io.urrl.launch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.plan.SampleDigest;
import io.urrl.actors.plan.SampleDraw;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Checks a run's ledger against its plan: every step is there once and in order, every micro-batch
 * was computed from exactly the samples that the plan gives it, and so every sample of every whole
 * epoch went into exactly one update.
 */
public final class LedgerAudit {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What the ledger says.
   *
   * @param steps steps in the ledger
   * @param skipped steps whose update was left out
   * @param samples samples that went into an update, each counted once for its epoch
   * @param faults what is wrong, one line each; empty when nothing is
   */
  public record Report(long steps, long skipped, long samples, List<String> faults) {}

  /** Checks the ledger in {@code file}. */
  public static Report check(RunPlan plan, Path file) throws IOException {
    List<String> faults = new ArrayList<>();
    List<BitSet> seen = new ArrayList<>();
    long step = 0;
    long skipped = 0;
    long samples = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        JsonNode line = JSON.readTree(text);
        if (line.get("step").asLong() != step) {
          faults.add("step " + line.get("step") + " stands where step " + step + " belongs");
          break;
        }
        skipped += line.get("skipped").asBoolean() ? 1 : 0;
        JsonNode parts = line.get("micro_batches");
        if (parts.size() != plan.microBatches()) {
          faults.add("step " + step + " has " + parts.size() + " micro-batches");
        }
        for (int index = 0; index < parts.size(); index++) {
          MicroBatchId id = new MicroBatchId(step, index);
          SampleDraw[] draws = plan.draws(id);
          String digest = Integer.toUnsignedString(SampleDigest.of(draws), 16);
          if (!digest.equals(parts.get(index).get("samples").asText())) {
            faults.add(id + " was computed from other samples than the plan's");
          }
          for (SampleDraw draw : draws) {
            while (seen.size() <= draw.epoch()) {
              seen.add(new BitSet(plan.samples()));
            }
            if (seen.get(draw.epoch()).get(draw.sample())) {
              faults.add("sample " + draw.sample() + " of epoch " + draw.epoch() + " came twice");
            }
            seen.get(draw.epoch()).set(draw.sample());
            samples++;
          }
        }
        step++;
      }
    }
    long wholeEpochs = step * plan.globalBatch() / plan.samples();
    for (int epoch = 0; epoch < Math.min(wholeEpochs, plan.epochs()); epoch++) {
      int missing = plan.samples() - seen.get(epoch).cardinality();
      if (missing > 0) {
        faults.add(missing + " samples of epoch " + epoch + " did not train");
      }
    }
    return new Report(step, skipped, samples, List.copyOf(faults));
  }

  private LedgerAudit() {}
}
