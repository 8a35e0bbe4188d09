package io.urrl.launch.command.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What to run.
 *
 * @param commandLine main class of the runs: the whole command line, ended with its starter by
 *     {@link Lifeline}
 * @param directory of the results
 * @param plan of all runs
 * @param configurations in which they take turns
 * @param runs short runs, those of earlier calls included
 * @param minutes after which no short run is started; 0 for no bound
 * @param longTime of all long runs together, those of earlier calls included
 * @param parallel short runs at a time
 * @param load cores that are kept busy meanwhile
 * @param timeout of a short run
 * @param keepAll whether the directories of runs with the common bits stay, too
 */
public record SoakOptions(
    Class<?> commandLine,
    Path directory,
    Plan plan,
    List<Configuration> configurations,
    int runs,
    double minutes,
    Duration longTime,
    int parallel,
    int load,
    Duration timeout,
    boolean keepAll) {}
