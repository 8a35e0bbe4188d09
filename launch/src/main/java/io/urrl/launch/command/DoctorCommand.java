package io.urrl.launch.command;

import io.urrl.launch.command.doctor.Checkup;
import io.urrl.launch.command.doctor.Finding;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says what this machine offers to a run. */
@Command(
    name = "doctor",
    description =
        "Looks at what a run needs of this machine: Java, processor, memory, shared memory,"
            + " sockets, tensor library and allocator. Ends with 1 when something is missing;"
            + " warnings do not count.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  urrl doctor"})
public final class DoctorCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    List<Finding> findings = Checkup.run();
    findings.forEach(finding -> System.out.println(finding.line()));
    return findings.stream().anyMatch(Finding::fatal) ? 1 : 0;
  }
}
