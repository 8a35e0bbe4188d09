package io.urrl.actors.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.urrl.actors.plan.MicroBatchId;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultBytesTest {
  private static Result result(String nonFinite, List<Result.Substitute> substitutes) {
    return new Result(
        new MicroBatchId(1L << 40, 3),
        2,
        "gpu-worker-1.2",
        7,
        Double.NaN,
        0.25,
        nonFinite,
        -9,
        substitutes,
        new Result.Digests(-1, 2, Long.MIN_VALUE),
        new Result.Waits(0.1, 0.2, 0.3, 0.4),
        new Result.Backlog(5, 6));
  }

  @Test
  void whatIsWrittenIsRead() {
    Result plain = result("", List.of());
    assertEquals(plain, ResultBytes.read(ResultBytes.of(plain)));
    Result rich =
        result(
            "gradient of größe", List.of(new Result.Substitute(5, 6), new Result.Substitute(7, 0)));
    assertEquals(rich, ResultBytes.read(ResultBytes.of(rich)));
  }

  @Test
  void bytesThatEndEarlyAreNoResult() {
    byte[] whole = ResultBytes.of(result("", List.of(new Result.Substitute(5, 6))));
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThrows(UncheckedIOException.class, () -> ResultBytes.read(part));
    }
  }
}
