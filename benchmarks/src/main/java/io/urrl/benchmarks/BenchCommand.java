package io.urrl.benchmarks;

import io.urrl.benchmarks.stream.BenchStreamsCommand;
import io.urrl.launch.command.Tool;
import picocli.CommandLine.Command;

/** Measurements of this machine with urrl on it. */
@Command(
    name = "bench",
    description = "Measures urrl on this machine, beside what it is compared with.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {BenchStepCommand.class, BenchStreamsCommand.class, BenchViewsCommand.class},
    footer = {
      "",
      "Examples:",
      "  urrl bench step",
      "  urrl bench streams",
      "  urrl bench views --images photos --transform urrl --seconds 20 --predecoded"
    })
public final class BenchCommand implements Tool {}
