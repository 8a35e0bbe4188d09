package io.urrl.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of the CUDA check where there is no device, or no folder to run from. */
final class CudaCheckTest {
  private static final Path SCRIPT = Path.of("cuda-check.sh").toAbsolutePath();
  private static final List<String> PARTS =
      List.of(
          "1 Java binding",
          "2 goldens",
          "3 repeated bits",
          "4 step time",
          "5 device's share, memory");

  @TempDir private Path place;

  private record Run(int code, String output) {}

  private static Run check(Path script, String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", script.toString()));
    command.addAll(List.of(flags));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output);
  }

  @Test
  void aDryRunSaysWhatEachPartDoesAndEndsWithTheTable() throws Exception {
    Run run = check(SCRIPT, "--dry");
    assertEquals(0, run.code(), run.output());
    List<String> lines = run.output().lines().toList();
    List<String> table = lines.subList(lines.size() - PARTS.size(), lines.size());
    for (int part = 0; part < PARTS.size(); part++) {
      String title = PARTS.get(part);
      assertTrue(lines.get(part).startsWith("part " + title + ", at most "), run.output());
      assertTrue(lines.get(part).contains("eeds "), run.output());
      assertTrue(table.get(part).startsWith(title), run.output());
      assertTrue(
          table.get(part).endsWith("not run: no CUDA device")
              || table.get(part).endsWith("not run: --dry"),
          run.output());
    }
  }

  @Test
  void theLimitsStayUnderEightMinutes() throws Exception {
    int seconds =
        check(SCRIPT, "--dry")
            .output()
            .lines()
            .filter(line -> line.startsWith("part ") && line.contains("at most"))
            .mapToInt(line -> Integer.parseInt(line.replaceAll(".*at most (\\d+) s:.*", "$1")))
            .sum();
    assertTrue(seconds > 0 && seconds <= 8 * 60, seconds + " s");
  }

  @Test
  void aFolderWithoutARuntimeIsRefusedWithTheRemedy() throws Exception {
    Run run = check(SCRIPT, "--cpu", "--out", place.resolve("out").toString(), place.toString());
    assertEquals(2, run.code(), run.output());
    assertTrue(run.output().contains("--prepare"), run.output());
  }

  @Test
  void wrongUsageIsNamed() throws Exception {
    Run run = check(SCRIPT, "--dyr");
    assertEquals(2, run.code());
    assertTrue(run.output().contains("--dyr is unknown; --help"), run.output());
    assertEquals(0, check(SCRIPT, "--help").code());
  }

  /** A folder whose runtime fails must leave a table with the reason, and not end half way. */
  @Test
  void aBindingThatFailsLeavesATable() throws Exception {
    Path folder = Files.createDirectories(place.resolve("folder"));
    Path java = Files.createDirectories(folder.resolve("jre/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho 'Error: nothing runs here' >&2\nexit 3\n");
    assertTrue(java.toFile().setExecutable(true));
    Path glue = Files.createDirectories(folder.resolve("glue/cpu"));
    Files.writeString(glue.resolve("libdjl_torch.so"), "");
    Files.writeString(folder.resolve("glue/version"), "0.0.0");
    Files.writeString(folder.resolve("java.flags"), "");
    Path libtorch = Files.createDirectories(place.resolve("libtorch"));
    Files.writeString(libtorch.resolve("libtorch_cpu.so"), "");
    Path out = place.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(
            "bash", SCRIPT.toString(), "--cpu", "--out", out.toString(), folder.toString());
    builder.environment().put("PYTORCH_LIBRARY_PATH", libtorch.toString());
    builder.environment().put("PYTORCH_VERSION", "0.0.0");
    builder.environment().put("PATH", toolsWithoutTorch());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, process.waitFor(), output);
    assertTrue(output.contains("failed: glue for 0.0.0"), output);
    assertTrue(output.contains("Error: nothing runs here"), output);
    assertEquals(2, output.split("not run: the Java binding does not work", -1).length - 1, output);
    for (String title : PARTS) {
      assertTrue(output.contains("\n" + title), output);
    }
  }

  /** A PATH whose python3 has no torch. */
  private String toolsWithoutTorch() throws IOException {
    Path python = Files.createDirectories(place.resolve("tools")).resolve("python3");
    Files.writeString(python, "#!/bin/sh\nexit 1\n");
    assertTrue(python.toFile().setExecutable(true));
    return python.getParent() + ":/usr/bin:/bin";
  }
}
