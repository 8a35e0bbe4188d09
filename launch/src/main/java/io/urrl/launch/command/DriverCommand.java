package io.urrl.launch.command;

import io.urrl.actors.stream.StandaloneDriver;
import io.urrl.actors.stream.StreamException;
import io.urrl.actors.stream.StreamSettings;
import io.urrl.launch.UsageException;
import io.urrl.launch.UserException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A media driver for the nodes of a host. */
@Command(
    name = "driver",
    description = {
      "Runs a media driver that the nodes of this host share: started with its directory as"
          + " stream.aeron-directory, they hand tensors to each other through shared memory.",
      "",
      "Prints a line when it is ready, and runs until a signal ends it. When it is killed and"
          + " started again at its directory, the nodes go on by themselves.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Example:",
      "  urrl driver --dir /dev/shm/urrl-driver &",
      "  urrl pretrain --set stream.aeron-directory=/dev/shm/urrl-driver"
    })
public final class DriverCommand implements Callable<Integer> {

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Its directory, best in /dev/shm (default: stream.aeron-directory).")
  private Path directory;

  @Mixin private SettingsOptions options;

  @Override
  public Integer call() {
    StreamSettings settings = options.settings(SettingsFlags.RUN).stream();
    if (directory == null && settings.directory().isEmpty()) {
      throw new UsageException("a directory is needed: --dir /dev/shm/urrl-driver");
    }
    Path place = directory == null ? Path.of(settings.directory()) : directory;
    CompletableFuture<Void> asked = new CompletableFuture<>();
    try (StandaloneDriver driver = StandaloneDriver.start(place, settings)) {
      StopSignals.listen().stopBy("ending the media driver", () -> asked.complete(null));
      System.out.println("media driver ready at " + place);
      CompletableFuture.anyOf(asked, driver.ended()).join();
      if (!asked.isDone()) {
        throw new UserException("the media driver at %s has ended by itself".formatted(place));
      }
      return 0;
    } catch (StreamException e) {
      throw new UserException(e.getMessage(), e);
    }
  }
}
