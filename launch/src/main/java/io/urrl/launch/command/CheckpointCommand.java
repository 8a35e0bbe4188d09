package io.urrl.launch.command;

import io.urrl.launch.UserException;
import io.urrl.launch.run.RunCheckpoints;
import io.urrl.parameters.checkpoint.CheckpointException;
import io.urrl.parameters.checkpoint.CheckpointStore;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Looks into checkpoints. */
@Command(
    name = "checkpoint",
    description = "Looks into checkpoints.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  urrl checkpoint show runs/mine",
      "  urrl checkpoint digest runs/mine/checkpoints/step-000001000"
    })
public final class CheckpointCommand {
  private static final String PLACE =
      "A run, of which the newest checkpoint is taken, or a checkpoint.";

  private static Path named(Path given) {
    return RunCheckpoints.named(given, text -> System.err.println("urrl: " + text));
  }

  @Command(
      name = "show",
      description = "Step, architecture, and every tensor with shape, bytes and norm.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  urrl checkpoint show runs/mine"})
  int show(@Parameters(paramLabel = "DIR", description = PLACE) Path given) {
    Path checkpoint = named(given);
    try {
      System.out.println(CheckpointStore.show(checkpoint));
      return 0;
    } catch (CheckpointException e) {
      throw new UserException(e.getMessage(), e);
    }
  }

  @Command(
      name = "digest",
      description = "One SHA-256 over all tensors: equal exactly when the training state is.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  urrl checkpoint digest runs/mine"})
  int digest(@Parameters(paramLabel = "DIR", description = PLACE) Path given) {
    Path checkpoint = named(given);
    try {
      System.out.println(CheckpointStore.digest(checkpoint));
      return 0;
    } catch (CheckpointException e) {
      throw new UserException(e.getMessage(), e);
    }
  }
}
