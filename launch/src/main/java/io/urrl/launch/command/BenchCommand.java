package io.urrl.launch.command;

import picocli.CommandLine.Command;

/** Measurements of this machine with urrl on it. */
@Command(
    name = "bench",
    description = "Measures urrl on this machine, beside what it is compared with.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {BenchStepCommand.class},
    footer = {"", "Example:", "  urrl bench step"})
public final class BenchCommand {}
