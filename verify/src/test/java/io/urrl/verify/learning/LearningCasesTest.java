package io.urrl.verify.learning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.urrl.gpu.nn.TensorRuntime;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine;

/** What PyTorch computed, in the folder of goldens that the GPU workers' tests read, too. */
@ResourceLock(Resources.SYSTEM_OUT)
class LearningCasesTest {
  private static final Path CASES = Path.of("../gpu-workers/src/test/resources/learning");

  @TempDir private Path out;

  /** The networks are those of the reference at width 2, drawn by its own generator. */
  @Test
  void everyOutputAgreesWithPyTorch() {
    int code =
        new CommandLine(new GoldenCheck()).execute("--cases=" + CASES, "--out=" + out.toString());
    assertEquals(0, code);
  }

  @Test
  void anUnknownCaseIsLeftToOthers() throws IOException {
    assertFalse(LearningCases.run(TensorRuntime.open(1), CASES, "fused_optimiser", out));
  }
}
