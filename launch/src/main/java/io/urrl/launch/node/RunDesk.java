package io.urrl.launch.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.files.FileFailure;
import io.urrl.actors.protocol.RunNews.Outcome;
import io.urrl.launch.run.ClusterFiles;
import io.urrl.launch.run.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Where whoever launched a cluster and the nodes that may hold its trainer meet without a
 * connection: two files in the run's directory. One asks for a checkpoint and the end, as Ctrl-C
 * does for a run in one process; the other says how the run ended.
 */
public final class RunDesk {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final Consumer<String> say;

  private RunDesk(Path run, Consumer<String> say) {
    directory = run.resolve(ClusterFiles.DIRECTORY);
    this.say = say;
  }

  /**
   * Serves the run of a node until its end.
   *
   * @param directory of the run
   * @param outcome how the run ends, as a watcher on this node hears it
   * @param say takes lines for people
   */
  static void open(
      Path directory, Node.Run run, CompletableFuture<Outcome> outcome, Consumer<String> say) {
    RunDesk desk = new RunDesk(directory, say);
    var _ = outcome.thenAccept(desk::write);
    desk.look(run, outcome);
  }

  private void look(Node.Run run, CompletableFuture<Outcome> outcome) {
    if (outcome.isDone()) {
      return;
    }
    if (Files.exists(directory.resolve(ClusterFiles.STOP))) {
      say.accept("asked for the end: a checkpoint follows after the step under way");
      run.stopUntil(outcome);
    } else {
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(() -> look(run, outcome));
    }
  }

  private void write(Outcome outcome) {
    ObjectNode line = JSON.createObjectNode();
    switch (outcome) {
      case Outcome.Done done ->
          line.put("outcome", done.stopped() ? "stopped" : "done")
              .put("version", done.version())
              .put("checkpoint", done.checkpoint());
      case Outcome.Broken broken -> line.put("outcome", "failed").put("text", broken.text());
    }
    Path file = directory.resolve(ClusterFiles.OVER);
    try {
      Files.createDirectories(directory);
      WholeFile.replace(file, line + "\n");
    } catch (IOException e) {
      say.accept("%s cannot be written: %s".formatted(file, FileFailure.reason(file, e)));
    }
  }
}
