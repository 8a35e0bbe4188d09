package io.urrl.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.files.FileFailure;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.launch.UserException;
import io.urrl.launch.command.Tool;
import io.urrl.verify.images.ImageCases;
import io.urrl.verify.learning.LearningCases;
import io.urrl.verify.learning.MocoTrace;
import io.urrl.verify.learning.OptimiserCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs reference cases. */
@Command(
    name = "verify",
    description = "Runs reference cases and writes what this program gives, for comparison.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  urrl verify images --cases golden/cases.json --out got",
      "  urrl verify learning --cases golden --out got"
    })
public final class VerifyCommand implements Tool {
  private static final String CASES = "cases.json";

  @Command(
      name = "images",
      description = {
        "Runs the picture cases of a cases.json, and holds the results against the recorded ones"
            + " where these stand beside it."
      },
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Examples:",
        "  urrl verify images --cases golden/cases.json",
        "  urrl verify images --cases golden/cases.json --out got"
      })
  int images(
      @Option(
              names = "--cases",
              required = true,
              paramLabel = "FILE",
              description = "cases.json, or the folder that holds it.")
          Path given,
      @Option(
              names = "--out",
              paramLabel = "DIR",
              description = "Folder that keeps the outputs (default: they are not kept).")
          Path out) {
    Path cases = Files.isDirectory(given) ? given.resolve(CASES) : given;
    try {
      return out == null ? inScratch(cases) : images(cases, out, true);
    } catch (IOException e) {
      throw failed(cases, FileFailure.reason(cases, e), e);
    }
  }

  private static int inScratch(Path cases) throws IOException {
    Path scratch = Files.createTempDirectory("urrl-verify");
    try {
      return images(cases, scratch, false);
    } finally {
      try (Stream<Path> files = Files.walk(scratch)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static int images(Path cases, Path out, boolean kept) throws IOException {
    ImageCases.Result result = ImageCases.run(cases, out, KernelSet.chosen());
    if (kept) {
      System.out.println(result.written() + " outputs in " + out);
    }
    System.out.printf(
        "%d right (%d of them refused, as they should be), %d wrong%n",
        result.right(), result.refused(), result.wrong().size());
    result.wrong().forEach(text -> System.out.println("wrong: " + text));
    result.unknown().forEach((op, count) -> System.out.println("not known: " + op + " " + count));
    return result.wrong().isEmpty() ? 0 : 1;
  }

  @Command(
      name = "learning",
      description = "Runs the learning cases of a folder with a cases.json.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  urrl verify learning --cases golden --out got"})
  int learning(
      @Option(
              names = "--cases",
              required = true,
              paramLabel = "DIR",
              description = "The folder that holds cases.json, or that file.")
          Path given,
      @Option(
              names = "--out",
              defaultValue = "got",
              paramLabel = "DIR",
              description = "Outputs (default: ${DEFAULT-VALUE}).")
          Path out) {
    Path cases = given.endsWith(CASES) ? given.toAbsolutePath().getParent() : given;
    try {
      TensorRuntime runtime = TensorRuntime.open(1);
      JsonNode names = new ObjectMapper().readTree(cases.resolve(CASES).toFile()).get("cases");
      for (JsonNode name : names) {
        boolean known =
            switch (name.asText()) {
              case "fused_optimiser" -> {
                OptimiserCases.run(cases, out);
                yield true;
              }
              case "moco_trace" -> {
                MocoTrace.run(cases.resolve("moco_trace"), out.resolve("moco_trace"));
                yield true;
              }
              default -> LearningCases.run(runtime, cases, name.asText(), out);
            };
        System.out.println((known ? "done: " : "not known: ") + name.asText());
      }
      return 0;
    } catch (IOException e) {
      throw failed(cases, FileFailure.reason(cases, e), e);
    }
  }

  private static UserException failed(Path cases, String reason, Exception cause) {
    return new UserException("cases %s cannot be run: %s".formatted(cases, reason), cause);
  }
}
