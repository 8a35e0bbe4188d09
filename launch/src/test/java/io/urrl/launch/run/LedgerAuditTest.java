package io.urrl.launch.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.plan.SampleDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit passes a whole ledger and finds each kind of fault. */
final class LedgerAuditTest {
  /** 20 samples, two epochs of batches of 8 in micro-batches of 4: 5 steps. */
  private static final RunPlan PLAN = new RunPlan(3, true, 20, 2, 0, 8, 4, 2);

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private List<ObjectNode> lines;

  @BeforeEach
  void writeAWholeLedger() {
    lines = new ArrayList<>();
    for (long step = 0; step < PLAN.steps(); step++) {
      ObjectNode line = JSON.createObjectNode().put("step", step).put("skipped", false);
      ArrayNode parts = line.putArray("micro_batches");
      for (int index = 0; index < PLAN.microBatches(); index++) {
        parts.addObject().put("samples", digest(step, index));
      }
      lines.add(line);
    }
  }

  @Test
  void aWholeLedgerHasNoFault() throws IOException {
    LedgerAudit.Report report = audit();
    assertEquals(List.of(), report.faults());
    assertEquals(5, report.steps());
    assertEquals(40, report.samples());
    assertEquals(0, report.skipped());
  }

  @Test
  void skippedStepsAreCounted() throws IOException {
    lines.get(1).put("skipped", true);
    assertEquals(1, audit().skipped());
  }

  @Test
  void aMissingStepIsFound() throws IOException {
    lines.remove(2);
    assertFault("step 3 stands where step 2 belongs");
  }

  @Test
  void aStepThatStandsTwiceIsFound() throws IOException {
    lines.add(2, lines.get(1));
    assertFault("step 1 stands where step 2 belongs");
  }

  @Test
  void otherSamplesAreFound() throws IOException {
    ((ObjectNode) lines.get(2).get("micro_batches").get(1)).put("samples", digest(2, 0));
    assertFault("was computed from other samples than the plan's");
  }

  @Test
  void aMissingMicroBatchIsFoundWithItsSamples() throws IOException {
    ((ArrayNode) lines.get(0).get("micro_batches")).remove(1);
    assertFault("step 0 has 1 micro-batches");
    assertFault("4 samples of epoch 0 did not train");
  }

  private void assertFault(String text) throws IOException {
    List<String> faults = audit().faults();
    assertTrue(faults.stream().anyMatch(fault -> fault.contains(text)), faults.toString());
  }

  private LedgerAudit.Report audit() throws IOException {
    Path file = directory.resolve("ledger.jsonl");
    Files.write(file, lines.stream().map(ObjectNode::toString).toList());
    return LedgerAudit.check(PLAN, file);
  }

  private static String digest(long step, int index) {
    return Integer.toUnsignedString(SampleDigest.of(PLAN.draws(new MicroBatchId(step, index))), 16);
  }
}
