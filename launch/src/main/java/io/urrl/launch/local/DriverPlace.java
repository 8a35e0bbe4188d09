package io.urrl.launch.local;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.urrl.launch.config.Settings;
import io.urrl.launch.config.SettingsLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Where the media driver of a cluster has its directory: in shared memory, one for each run. */
final class DriverPlace {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  /**
   * A media driver for the cluster of a run that is about to begin. What a former one left at its
   * directory is removed, so that the file by which nodes find it is the new one's.
   */
  static Wanted.Node take(Path run, Settings settings) throws IOException {
    Path parent =
        Files.isWritable(SHARED_MEMORY)
            ? SHARED_MEMORY
            : Path.of(System.getProperty("java.io.tmpdir"));
    byte[] name = run.toRealPath().toString().getBytes(StandardCharsets.UTF_8);
    Path directory = parent.resolve("urrl-driver-" + UUID.nameUUIDFromBytes(name));
    delete(directory);
    return Wanted.driver(directory, settings.cluster().host());
  }

  private static void delete(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The settings of all nodes as they are written, with the media driver that they share. */
  static String written(Settings settings, Optional<Wanted.Node> driver) {
    String key = SettingsLoader.qualified(Wanted.DRIVER_DIRECTORY);
    Config config =
        driver
            .map(Wanted.Node::driverDirectory)
            .map(
                directory ->
                    settings
                        .config()
                        .withValue(key, ConfigValueFactory.fromAnyRef(directory.toString())))
            .orElse(settings.config());
    return config
        .root()
        .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false));
  }

  private DriverPlace() {}
}
