package io.urrl.launch;

import io.urrl.launch.command.AuditCommand;
import io.urrl.launch.command.CheckpointCommand;
import io.urrl.launch.command.ConfigCommand;
import io.urrl.launch.command.EvaluateCommand;
import io.urrl.launch.command.PretrainCommand;
import io.urrl.launch.command.VerifyCommand;
import io.urrl.launch.command.ViewsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line. */
@Command(
    name = "urrl",
    description =
        "Pre-trains image encoders without labels so that they are robust, and evaluates them.",
    mixinStandardHelpOptions = true,
    version = "urrl 0.1",
    subcommands = {
      PretrainCommand.class,
      EvaluateCommand.class,
      ViewsCommand.class,
      CheckpointCommand.class,
      AuditCommand.class,
      VerifyCommand.class,
      ConfigCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  urrl pretrain                          train on shapes drawn in code, then evaluate",
      "  urrl pretrain --data cifar10 --recipe urrl --width 64 --epochs 200",
      "  urrl pretrain --run runs/mine --resume go on after a stop or a crash",
      "  urrl evaluate linear --checkpoint runs/mine/checkpoints/step-000001000 --data cifar10",
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted twice."
    })
public final class Main {
  private static final int FAILED = 1;

  @Option(
      names = "--verbose",
      description = "Show where an error came from.",
      scope = ScopeType.INHERIT)
  private boolean verbose;

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs a command. */
  public static int run(String... arguments) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    line.setExecutionExceptionHandler((e, command, parsed) -> main.report(e));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line.execute(arguments);
  }

  private int report(Exception failure) {
    System.err.println("urrl: " + text(failure));
    if (verbose) {
      failure.printStackTrace(System.err);
    }
    return FAILED;
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    boolean known = failure instanceof UserException && message != null;
    return known ? message : failure + " (run with --verbose for the details)";
  }
}
