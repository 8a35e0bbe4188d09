package io.urrl.launch.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.urrl.launch.UserException;
import io.urrl.parameters.checkpoint.CheckpointException;
import io.urrl.parameters.checkpoint.CheckpointState;
import io.urrl.parameters.checkpoint.CheckpointStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known of a checkpoint's data set and network.
 *
 * @param step optimiser steps that it has
 * @param run the run that it lies in; empty for one elsewhere
 * @param settings keys of {@code cluster.conf}: of its run, or those that its own description tells
 */
public record CheckpointOrigin(long step, Optional<Path> run, Config settings) {
  /** As {@link CheckpointState#architecture} is written. */
  private static final Pattern NETWORK =
      Pattern.compile("(\\S+) stem (\\S+) width (\\d+) head (\\d+)-(\\d+)");

  /**
   * Finds it out.
   *
   * @throws UserException when the checkpoint's description cannot be read
   */
  public static CheckpointOrigin of(Path checkpoint) {
    try {
      CheckpointState state = CheckpointStore.state(checkpoint);
      Optional<RunDescription> run = RunDescription.ofCheckpoint(checkpoint);
      return new CheckpointOrigin(
          state.step(),
          run.map(found -> checkpoint.toAbsolutePath().normalize().getParent().getParent()),
          run.map(RunDescription::dataAndEncoder).orElseGet(() -> told(state)));
    } catch (CheckpointException e) {
      throw new UserException(e.getMessage(), e);
    }
  }

  private static Config told(CheckpointState state) {
    Map<String, String> keys = new HashMap<>();
    Matcher network = NETWORK.matcher(state.architecture());
    if (network.matches()) {
      keys.put("urrl.encoder.arch", network.group(1));
      keys.put("urrl.encoder.stem", network.group(2));
      keys.put("urrl.encoder.width", network.group(3));
      keys.put("urrl.encoder.hidden", network.group(4));
      keys.put("urrl.encoder.dim", network.group(5));
    }
    Optional.ofNullable(state.plan().get("image-size"))
        .ifPresent(size -> keys.put("urrl.encoder.image-size", size));
    return ConfigFactory.parseMap(keys, "the checkpoint");
  }
}
