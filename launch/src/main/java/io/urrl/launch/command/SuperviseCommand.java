package io.urrl.launch.command;

import io.urrl.launch.UserException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Watches over a cluster; started by {@code up} and {@code attach} in the background. */
@Command(
    name = "supervise",
    hidden = true,
    description = "Starts the nodes that a cluster should have, and starts again those that end.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "urrl up and urrl attach start this in the background. One process at a time watches over a",
      "cluster; it may be killed at any time, and the nodes go on.",
      "",
      "Example:",
      "  urrl supervise --run runs/mine"
    })
public final class SuperviseCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  @Mixin private ClusterOptions which;

  @Override
  public Integer call() throws InterruptedException {
    if (!which.cluster().watch(SuperviseCommand::say)) {
      throw new UserException("another process watches over the cluster already");
    }
    return 0;
  }

  private static void say(String text) {
    System.out.println(TIME.format(LocalTime.now(ZoneId.systemDefault())) + " " + text);
  }
}
