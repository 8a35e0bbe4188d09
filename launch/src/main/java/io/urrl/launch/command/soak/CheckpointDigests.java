package io.urrl.launch.command.soak;

import io.urrl.parameters.checkpoint.CheckpointException;
import io.urrl.parameters.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The digests of the checkpoints of a run that is under way, taken as they come, since old ones are
 * removed; and written down beside the record for runs to come. For one thread.
 */
final class CheckpointDigests {
  static final String FILE = "digests.txt";

  private final Path run;
  private final Map<String, String> digests = new LinkedHashMap<>();

  /**
   * @param run directory of the run; digests that were written down there are read
   */
  CheckpointDigests(Path run) throws IOException {
    this.run = run;
    Path file = run.resolve(FILE);
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split(" ", -1);
        digests.put(words[0], words[1]);
      }
    }
  }

  /** Takes the digests of new checkpoints; returns all so far by the checkpoint's name. */
  Map<String, String> poll() throws IOException {
    for (Path checkpoint : RunTrace.checkpoints(run)) {
      String name = checkpoint.getFileName().toString();
      if (!digests.containsKey(name)) {
        take(checkpoint, name);
      }
    }
    return digests;
  }

  private void take(Path checkpoint, String name) throws IOException {
    String digest;
    try {
      digest = CheckpointStore.digest(checkpoint);
    } catch (CheckpointException e) {
      if (Files.notExists(checkpoint)) {
        return;
      }
      digest = "unreadable";
    }
    digests.put(name, digest);
    Files.writeString(
        run.resolve(FILE),
        name + " " + digest + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
