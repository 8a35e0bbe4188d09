package io.urrl.launch.command;

import io.urrl.launch.UserException;
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
      "  urrl checkpoint show runs/mine/checkpoints/step-000001000",
      "  urrl checkpoint digest runs/mine/checkpoints/step-000001000"
    })
public final class CheckpointCommand {

  @Command(
      name = "show",
      description = "Step, architecture, and every tensor with shape, bytes and norm.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  urrl checkpoint show runs/mine/checkpoints/step-000001000"})
  int show(@Parameters(paramLabel = "DIR", description = "The checkpoint.") Path checkpoint) {
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
      footer = {"", "Example:", "  urrl checkpoint digest runs/mine/checkpoints/step-000001000"})
  int digest(@Parameters(paramLabel = "DIR", description = "The checkpoint.") Path checkpoint) {
    try {
      System.out.println(CheckpointStore.digest(checkpoint));
      return 0;
    } catch (CheckpointException e) {
      throw new UserException(e.getMessage(), e);
    }
  }
}
