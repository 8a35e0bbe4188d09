package io.urrl.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine;

/** What the command line says to those who ask, and to those who err. */
@ResourceLock(Resources.SYSTEM_ERR)
final class CommandLineTest {

  @Test
  void everyCommandsHelpHasExamples() {
    for (CommandLine command : all(new CommandLine(new Main()))) {
      String help = command.getUsageMessage();
      assertTrue(
          help.contains("Example"), command.getCommandSpec().qualifiedName() + " shows no example");
    }
  }

  @Test
  void helpExplainsExitCodes() {
    assertTrue(new CommandLine(new Main()).getUsageMessage().contains("Exit codes: 0"));
  }

  @Test
  void everyFlagOfASettingNamesItsKey() {
    CommandLine pretrain = new CommandLine(new Main()).getSubcommands().get("pretrain");
    String help = pretrain.getUsageMessage();
    for (String key : List.of("train.batch", "encoder.width", "workers.gpu", "checkpoint.keep")) {
      assertTrue(help.contains(key), key + " is not in: " + help);
    }
  }

  @Test
  void aMistypedFlagIsOneLineWithTheNearestOne() {
    Said said = run("pretrain", "--epohcs=3");
    assertEquals(2, said.code());
    assertEquals(
        "urrl: Unknown option: '--epohcs=3'; did you mean --epochs? (urrl pretrain --help)",
        said.err().strip());
  }

  @Test
  void aMissingOptionIsOneLine() {
    Said said = run("verify", "images");
    assertEquals(2, said.code());
    assertEquals(1, said.err().lines().count(), said.err());
    assertTrue(said.err().contains("--cases"), said.err());
  }

  @Test
  void aWrongSettingIsOneLineAndLeavesNoDirectory(@TempDir Path place) {
    Path run = place.resolve("run");
    Said said = run("pretrain", "--run", run.toString(), "--batch", "100");
    assertEquals(1, said.code());
    assertEquals("urrl: batch 100 is not a multiple of micro-batch 64", said.err().strip());
    assertTrue(Files.notExists(run));
  }

  @Test
  void aMissingCheckpointIsNamed(@TempDir Path place) {
    Said said = run("checkpoint", "digest", place.resolve("none").toString());
    assertEquals(1, said.code());
    assertEquals(1, said.err().lines().count(), said.err());
    assertTrue(said.err().contains(place.resolve("none").toString()), said.err());
  }

  @Test
  void anUnknownOperationIsNamedBesideTheKnownOnes(@TempDir Path place) {
    Said said = run("transform", "--apply", "rotat:3", "in.png", place.resolve("out").toString());
    assertEquals(1, said.code());
    assertTrue(said.err().contains("rotat is unknown; known are autocontrast,"), said.err());
    assertTrue(said.err().contains("corrupt_contrast:SEVERITY"), said.err());
  }

  @Test
  void aBrokenPictureIsNamedAmongGoodOnes(@TempDir Path place) throws Exception {
    Path good = place.resolve("good.png");
    ImageIO.write(new BufferedImage(9, 8, BufferedImage.TYPE_INT_RGB), "png", good.toFile());
    Path broken = Files.writeString(place.resolve("broken.jpg"), "no picture");
    String out = place.resolve("out.png").toString();
    Said said = run("views", good.toString(), broken.toString(), good.toString(), "--out=" + out);
    assertEquals(1, said.code());
    assertEquals(
        "urrl: " + broken + " cannot be decoded: neither JPEG nor PNG, WebP or BMP",
        said.err().strip());
    said = run("transform", "--apply", "flip", broken.toString(), out);
    assertTrue(said.err().startsWith("urrl: " + broken + " cannot be decoded: "), said.err());
    said = run("transform", "--apply", "flip", place.resolve("gone.jpg").toString(), out);
    assertTrue(said.err().contains("gone.jpg does not exist; give a"), said.err());
    assertTrue(Files.notExists(Path.of(out)));
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamedWithoutATrace(@TempDir Path place) throws Exception {
    Path good = place.resolve("good.png");
    ImageIO.write(new BufferedImage(9, 8, BufferedImage.TYPE_INT_RGB), "png", good.toFile());
    Path out = place.resolve("nowhere/v.png");
    for (Said said :
        List.of(
            run("views", good.toString(), "--image-size=16", "--out=" + out),
            run("transform", "--apply", "flip", good.toString(), out.toString()))) {
      assertEquals(1, said.code());
      assertEquals(1, said.err().lines().count(), said.err());
      assertTrue(said.err().startsWith("urrl: " + out + " cannot be written: there is no"));
    }
  }

  @Test
  void anUnknownCorruptionLeavesNoDirectory(@TempDir Path place) {
    Path out = place.resolve("out");
    Said said = run("corrupt", "--data=shapes", "--out=" + out, "--corruption=fogg");
    assertEquals(1, said.code());
    assertTrue(said.err().contains("corruption fogg is unknown; known are"), said.err());
    assertTrue(Files.notExists(out));
  }

  @Test
  void verboseShowsWhereAnErrorCameFrom(@TempDir Path place) {
    Said said = run("checkpoint", "digest", place.resolve("none").toString(), "--verbose");
    assertTrue(said.err().contains("\tat io.urrl."), said.err());
  }

  @Test
  void failuresOfOthersAreOneLineAndPointToTheDetails() {
    String text =
        ErrorText.of(new CompletionException(new IllegalStateException("broken\n  in two")));
    assertEquals(
        "java.lang.IllegalStateException: broken; in two (run with --verbose for the details)",
        text);
    assertEquals("mend it", ErrorText.of(new CompletionException(new UserException("mend it"))));
  }

  private static List<CommandLine> all(CommandLine command) {
    List<CommandLine> all = new ArrayList<>(List.of(command));
    command.getSubcommands().values().forEach(below -> all.addAll(all(below)));
    return all;
  }

  private record Said(int code, String err) {}

  private static Said run(String... arguments) {
    PrintStream real = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setErr(captured);
      int code = Main.run(arguments);
      return new Said(code, bytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(real);
    }
  }
}
