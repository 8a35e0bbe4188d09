package io.urrl.gpu.pretext;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.gpu.nn.CpuInstructions;
import io.urrl.gpu.nn.TensorRuntime;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class BitProbeTest {

  /** Prints the probe for a number of threads and an instruction set. */
  static final class Probing {
    public static void main(String[] arguments) {
      TensorRuntime runtime = TensorRuntime.open(Integer.parseInt(arguments[0]), arguments[1]);
      System.out.println("probe " + Long.toHexString(BitProbe.of(runtime)));
    }
  }

  /** In a fresh process: an instruction set is chosen once. */
  private static String probe(int threads, CpuInstructions instructions) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Probing.class.getName(),
            Integer.toString(threads),
            instructions.key()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said =
        process
            .inputReader()
            .lines()
            .filter(line -> line.startsWith("probe "))
            .findFirst()
            .orElse("nothing");
    assertEquals(0, process.waitFor());
    return said;
  }

  @Test
  void itRepeatsInEveryProcessAndTellsInstructionSetsApart() throws Exception {
    String here =
        "probe "
            + Long.toHexString(
                BitProbe.of(TensorRuntime.open(1, CpuInstructions.named("auto").key())));
    CpuInstructions widest = CpuInstructions.named(CpuInstructions.AUTO);
    assertEquals(here, probe(1, widest));
    Assumptions.assumeTrue(widest == CpuInstructions.AVX512, "this processor has one set only");
    assertNotEquals(here, probe(1, CpuInstructions.AVX2));
  }

  @Test
  void itTellsNumbersOfThreadsApart() throws Exception {
    CpuInstructions widest = CpuInstructions.named(CpuInstructions.AUTO);
    assertNotEquals(probe(1, widest), probe(2, widest));
  }

  @Test
  void instructionSetsAreNamed() {
    assertThrows(IllegalArgumentException.class, () -> CpuInstructions.named("sse"));
    assertTrue(CpuInstructions.names().contains(CpuInstructions.named("auto").key()));
    assertEquals(CpuInstructions.AVX2, CpuInstructions.named("avx2"));
  }
}
