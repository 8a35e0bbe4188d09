package io.urrl.launch.config;

import io.urrl.actors.stream.StreamSettings;
import io.urrl.launch.UsageException;

/** Which settings must go together; what one of them must be by itself says its descriptor. */
final class SettingsCheck {

  /**
   * Checks all settings before anything is opened or written.
   *
   * @throws UsageException with the first that does not fit another, by the names of both
   */
  static void check(Settings settings) {
    Settings.Train train = settings.train();
    requireSafe("cluster.host", settings.cluster().host(), settings);
    requireSafe("stream.host", settings.stream().host(), settings);
    require(
        train.batch() % train.microBatch() == 0,
        "batch %d is not a multiple of micro-batch %d"
            .formatted(train.batch(), train.microBatch()));
    require(
        train.microBatch() % train.groups() == 0,
        "micro-batch %d is not a multiple of bn-groups %d"
            .formatted(train.microBatch(), train.groups()));
    require(
        train.queue() >= train.batch(),
        "queue %d cannot hold the keys of one batch of %d".formatted(train.queue(), train.batch()));
    Settings.Augment augment = settings.augment();
    require(
        augment.max() == 0 || augment.min() <= augment.max(),
        "augment.min %d is above augment.max %d".formatted(augment.min(), augment.max()));
  }

  private static void requireSafe(String key, String host, Settings settings) {
    require(
        settings.cluster().unsafeBind() || StreamSettings.isLoopback(host),
        "%s %s is reached from other machines, and nothing is encrypted or authenticated; set cluster.unsafe-bind=true if the network is closed to others"
            .formatted(key, host));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new UsageException(otherwise);
    }
  }

  private SettingsCheck() {}
}
