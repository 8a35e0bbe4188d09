package io.urrl.launch.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.urrl.augment.data.FileNames;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RawArgumentsTest {
  private static final String LOST = "caf\uFFFD";

  private static byte[] commandLine(String... arguments) {
    return (String.join("\0", arguments) + "\0").getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void argumentsGetTheirBytesBack() {
    byte[] line = commandLine("java", "-cp", "x", "Main", "pack", "caf\u00E9", "", "--out");
    String real = FileNames.text("caf\u00E9".getBytes(StandardCharsets.ISO_8859_1));
    assertArrayEquals(
        new String[] {"pack", real, "", "--out"},
        RawArguments.of(new String[] {"pack", LOST, "", "--out"}, line));
  }

  @Test
  void whatDoesNotFitIsLeftAsItWasUnderstood() {
    String[] understood = {"pack", LOST};
    assertSame(understood, RawArguments.of(understood, commandLine("java", "other", LOST)));
    assertSame(understood, RawArguments.of(understood, commandLine("x")));
    assertSame(understood, RawArguments.of(understood, new byte[0]));
    String[] plain = {"pack", "cafe"};
    assertSame(plain, RawArguments.of(plain));
  }
}
