package io.urrl.launch.command.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the check-up makes of the machine's own words. */
final class CheckupTest {

  @Test
  void readsModelAndVectorUnits() {
    Finding finding =
        Checkup.processor(
            List.of(
                "model name\t: Some CPU @ 2 GHz", "flags\t\t: fpu avx avx2 avx512f avx512_bf16"));
    assertEquals(Finding.Grade.OK, finding.grade());
    assertTrue(finding.text().contains("Some CPU @ 2 GHz"), finding.text());
    assertTrue(finding.text().endsWith("vector units: avx2 avx512f avx512_bf16"), finding.text());
  }

  @Test
  void aProcessorWithoutVectorUnitsIsAWarning() {
    assertEquals(Finding.Grade.WARN, Checkup.processor(List.of("flags : fpu sse2")).grade());
    assertEquals(Finding.Grade.WARN, Checkup.processor(List.of()).grade());
  }

  @Test
  void littleMemoryIsAWarning() {
    List<String> little = List.of("MemTotal:  4194304 kB", "MemAvailable:    1048576 kB");
    assertEquals(Finding.Grade.WARN, Checkup.memory(little).grade());
    assertTrue(Checkup.memory(little).text().startsWith("1.0 of 4.0 GiB free"));
    List<String> plenty = List.of("MemTotal:  16777216 kB", "MemAvailable: 8388608 kB");
    assertEquals(Finding.Grade.OK, Checkup.memory(plenty).grade());
  }

  @Test
  void missingSharedMemoryIsAWarningWithItsPlace() {
    Finding finding = Checkup.shared(Path.of("/no/such/place"));
    assertEquals(Finding.Grade.WARN, finding.grade());
    assertTrue(finding.text().contains("/no/such/place"), finding.text());
  }

  @Test
  void socketBuffersThatTheKernelKeepsSmallAreNamedWithTheRemedy() {
    assertEquals(Finding.Grade.OK, Checkup.sockets(4 << 20).grade());
    Finding finding = Checkup.sockets(212_992);
    assertEquals(Finding.Grade.WARN, finding.grade());
    assertTrue(finding.text().contains("208 KiB"), finding.text());
    assertTrue(finding.text().contains("net.core.rmem_max=4194304"), finding.text());
  }

  @Test
  void faultsStandBehindTheNameWhateverItHolds() {
    String stat = "42 (a) b (c)) S 1 42 42 0 -1 4194304 1234 0 5 0 7 8";
    assertEquals(1234, ProcFiles.minorFaults(stat));
  }

  @Test
  void aFindingIsALine() {
    assertEquals("fail  java           too old", Finding.fail("java", "too old").line());
    assertTrue(Finding.fail("java", "too old").fatal());
  }
}
