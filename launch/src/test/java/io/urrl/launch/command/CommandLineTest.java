package io.urrl.launch.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PngFile;
import io.urrl.launch.UserException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

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
    Said said = run("evaluate", "linear");
    assertEquals(2, said.code());
    assertEquals(1, said.err().lines().count(), said.err());
    assertTrue(said.err().contains("--checkpoint"), said.err());
  }

  @Test
  void aWrongSettingIsOneLineAndLeavesNoDirectory(@TempDir Path place) {
    Path run = place.resolve("run");
    Said said = run("pretrain", "--run", run.toString(), "--batch", "100");
    assertEquals(2, said.code());
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
    Path out = place.resolve("out.png");
    Said said = run("transform", "--apply", "rotat:3", "in.png", out.toString());
    assertEquals(2, said.code());
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
    assertEquals(2, said.code());
    assertTrue(said.err().contains("corruption fogg is unknown; known are"), said.err());
    assertTrue(Files.notExists(out));
  }

  /** What was typed cannot be meant: exit code 2, one line, and what may have been meant. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pretrain --epohcs 3               | did you mean --epochs?",
        "pretrain --learning-rate=3        | Unknown option: '--learning-rate=3' (urrl pretrain",
        "pretrain --sgd-momentum 0.8       | did you mean --set train.sgd-momentum=VALUE?",
        "pretrian                          | did you mean pretrain?",
        "evaluate liner                    | did you mean linear?",
        "pretrain --set trian.lr=3         | did you mean urrl.train.lr?",
        "pretrain --set lr=3               | did you mean urrl.train.lr or"
            + " urrl.evaluate.linear.lr?",
        "pretrain --set zzz=3              | unknown key urrl.zzz; urrl config shows all keys",
        "pretrain --lr 0                   | train.lr must be positive",
        "pretrain --on-nan ignore          | give stop or skip",
        "pretrain --resume                 | give it with --run DIR",
        "pretrain --from-scratch           | --from-scratch goes with --resume",
        "views a.png --count 0 --out x.png | --count and --image-size must be at least 1",
        "views a.png --image-size 0 --out x.png | must be at least 1",
        "views a.png --out x.jpg           | must end in .png",
        "transform --apply flip a.png x.gif    | x.gif must end in .png, .jpg or .jpeg",
        "transform --apply flip a.png x        | x must end in .png, .jpg or .jpeg",
        "transform --apply brightness:3 a.png x.png "
            + "| write enhance_brightness:FACTOR or corrupt_brightness:SEVERITY",
        "transform --apply contrast:0.5 a.png x.png | write enhance_contrast:FACTOR",
        "transform --quality 0 --apply flip a.png x.jpg | --quality must be from 1 to 100, not 0",
        "corrupt --data shapes --out x --severity 9     | severity 9 is none",
        "data pack a --out x               | --out x must end in .urrl",
      })
  void whatCannotBeMeantEndsWithTwo(String arguments, String text) {
    Said said = run(arguments.strip().split(" +", -1));
    assertTrue(said.err().contains(text), said.err());
    assertEquals(1, said.err().lines().count(), said.err());
    assertEquals(2, said.code());
  }

  /** Messages name the file and the reason, not the file alone. */
  @Test
  void failuresOfFilesHaveAReason(@TempDir Path place) throws IOException {
    Path file = Files.writeString(place.resolve("afile"), "no picture");
    Path none = place.resolve("none");
    Path deep = none.resolve("p.urrl");
    Path classes = Files.createDirectories(place.resolve("data/train/a"));
    Files.copy(new ByteArrayInputStream(PICTURE), classes.resolve("a.png"));
    String data = place.resolve("data").toString();
    said(
        1,
        none + " does not exist; give a JPEG",
        "transform",
        "--apply",
        "flip",
        none.toString(),
        place.resolve("x.png").toString());
    String grid = place.resolve("x.png").toString();
    said(1, none + " does not exist", "views", none.toString(), "--out", grid);
    said(1, "Not a directory", "pretrain", "--run", file.resolve("run").toString());
    said(1, "does not exist", "data", "pack", data, "--out", deep.toString());
    said(1, "is a directory; give a pack", "data", "verify", place.toString());
    said(1, "does not exist; give an existing one", "data", "verify", deep.toString());
    said(1, "no run in " + none + ": it does not exist", "audit", none.toString());
    Said given = run("data", "pack", none.toString(), "--out", place.resolve("q.urrl").toString());
    assertTrue(!given.err().contains("--data"), given.err());
  }

  private static void said(int code, String text, String... arguments) {
    Said said = run(arguments);
    assertTrue(said.err().contains(text), said.err());
    assertEquals(1, said.err().lines().count(), said.err());
    assertEquals(code, said.code());
  }

  private static final byte[] PICTURE = PngFile.of(picture());

  private static Picture picture() {
    Picture picture = new Picture();
    picture.resize(8, 8);
    return picture;
  }

  @Test
  void aPictureHasTheFormatOfItsName(@TempDir Path place) throws IOException {
    Path in = Files.write(place.resolve("in.png"), PICTURE);
    for (String name : List.of("out.jpg", "out.JPEG", "out.png")) {
      Path out = place.resolve(name);
      assertEquals(0, run("transform", "--apply", "flip", in.toString(), out.toString()).code());
      byte[] bytes = Files.readAllBytes(out);
      assertEquals(name.equals("out.png") ? (byte) 0x89 : (byte) 0xFF, bytes[0], name);
    }
  }

  /** In each help: every flag that takes a value and need not be given says what it is without. */
  @Test
  void everyHelpShowsDefaults() {
    for (CommandLine command : all(new CommandLine(new Main()))) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        boolean shown =
            option.required()
                || option.arity().max() == 0
                || option.longestName().equals("--set")
                || command.getCommandSpec().usageMessage().showDefaultValues()
                || String.join(" ", option.description()).contains("default: ");
        assertTrue(shown, command.getCommandSpec().qualifiedName() + " " + option.longestName());
      }
    }
  }

  /** The list of commands shows the first string of a description: it must be a whole sentence. */
  @Test
  void commandListsShowWholeSentences() {
    for (CommandLine command : all(new CommandLine(new Main()))) {
      String first = command.getCommandSpec().usageMessage().description()[0];
      assertTrue(first.endsWith("."), command.getCommandSpec().qualifiedName() + ": " + first);
    }
  }

  @Test
  void anEvaluationsHelpListsOnlyWhatItUses() {
    CommandLine evaluate = new CommandLine(new Main()).getSubcommands().get("evaluate");
    String linear = evaluate.getSubcommands().get("linear").getUsageMessage();
    for (String key : List.of("evaluate.linear.lr", "evaluate.linear.epochs", "data.source")) {
      assertTrue(linear.contains(key), linear);
    }
    for (String flag : List.of("--queue", "--recipe", "--gpu-workers", "--momentum", "--keep")) {
      assertTrue(!linear.contains(flag), flag + " is in: " + linear);
    }
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
