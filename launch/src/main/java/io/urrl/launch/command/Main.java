package io.urrl.launch.command;

import io.urrl.augment.data.FileNames;
import io.urrl.launch.Product;
import io.urrl.launch.UsageException;
import java.nio.file.Path;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. */
@Command(
    name = "urrl",
    description =
        "Pre-trains image encoders without labels so that they are robust, and evaluates them.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      PretrainCommand.class,
      UpCommand.class,
      AttachCommand.class,
      PsCommand.class,
      LogsCommand.class,
      ScaleCommand.class,
      DrainCommand.class,
      DownCommand.class,
      SuperviseCommand.class,
      NodeCommand.class,
      EvaluateCommand.class,
      ViewsCommand.class,
      DataCommand.class,
      TransformCommand.class,
      CorruptCommand.class,
      CheckpointCommand.class,
      AuditCommand.class,
      SoakCommand.class,
      ChaosCommand.class,
      ConfigCommand.class,
      DoctorCommand.class,
      DriverCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  urrl pretrain                          train on shapes drawn in code, then evaluate",
      "  urrl pretrain --data cifar10 --recipe urrl --width 64 --epochs 200",
      "  urrl pretrain --run runs/mine --resume go on after a stop or a crash",
      "  urrl evaluate linear --checkpoint runs/mine",
      "",
      "Exit codes: 0 done, also for a run that a first Ctrl-C, SIGTERM or SIGHUP stopped with a",
      "checkpoint; 1 failed; 2 wrong usage: a flag, a setting or a value that cannot be meant; 128",
      "and the signal's number when a signal ended the process at once (130, 143, 129)."
    })
public final class Main {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;
  private static final int HELP_WIDTH = 100;

  @Option(
      names = "--verbose",
      description = "Show where an error came from.",
      scope = ScopeType.INHERIT)
  private boolean verbose;

  /** What {@code --version} says. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {Product.NAME};
    }
  }

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    StandardError.restore();
    System.exit(run(RawArguments.of(arguments)));
  }

  /** Runs a command. */
  public static int run(String... arguments) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    ServiceLoader.load(Tool.class).forEach(line::addSubcommand);
    line.setExecutionExceptionHandler((e, command, parsed) -> main.report(e));
    line.setParameterExceptionHandler(Main::misused);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.registerConverter(Path.class, FileNames::path);
    line.setUsageHelpWidth(HELP_WIDTH);
    return line.execute(arguments);
  }

  private int report(Exception failure) {
    System.err.println("urrl: " + ErrorText.of(failure));
    if (verbose) {
      failure.printStackTrace(System.err);
    }
    return failure instanceof UsageException ? MISUSED : FAILED;
  }

  /** One line instead of the whole help, which would push it off the screen. */
  private static int misused(ParameterException failure, String... arguments) {
    CommandLine command = failure.getCommandLine();
    String text =
        failure instanceof UnmatchedArgumentException unmatched
            ? UnknownArguments.text(unmatched)
            : ErrorText.oneLine(failure.getMessage());
    command
        .getErr()
        .printf("urrl: %s (%s --help)%n", text, command.getCommandSpec().qualifiedName());
    return MISUSED;
  }
}
