package io.urrl.actors.stream;

import io.urrl.actors.files.FileFailure;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who shares memory with whom. Two hosts, or two containers, may have media drivers in directories
 * of the same name; those that can read one file beside the directory are at the same driver. The
 * file is not in the directory, which a driver deletes when it starts.
 */
final class DriverIdentity {
  private static final Logger LOG = LoggerFactory.getLogger(DriverIdentity.class);
  private static final String SUFFIX = ".urrl-id";

  /** An identity that nobody shares. */
  static String own() {
    return UUID.randomUUID().toString();
  }

  /**
   * The identity that all share who see a driver's directory. Where none can be kept it is one that
   * nobody shares: others at the driver are then sent to as on another machine.
   *
   * @param directory that is there
   */
  static String of(Path directory) {
    Path file = directory;
    try {
      Path real = directory.toRealPath();
      file = real.resolveSibling(real.getFileName() + SUFFIX);
      if (!Files.exists(file)) {
        create(file);
      }
      return UUID.fromString(Files.readString(file).strip()).toString();
    } catch (IOException e) {
      return unshared(file, FileFailure.reason(file, e));
    } catch (IllegalArgumentException e) {
      return unshared(file, e.getMessage());
    } catch (UnsupportedOperationException e) {
      return unshared(file, "the file system has no links");
    }
  }

  private static String unshared(Path file, String reason) {
    LOG.warn("{}: {}; other processes at this media driver are sent to over UDP", file, reason);
    return own();
  }

  /** Written beside and linked, so that the file is whole when it is there, and the first stays. */
  private static void create(Path file) throws IOException {
    String identity = own();
    Path written = file.resolveSibling(file.getFileName() + "-" + identity);
    try {
      Files.writeString(written, identity + "\n", StandardOpenOption.CREATE_NEW);
      Files.createLink(file, written);
    } catch (FileAlreadyExistsException e) {
      LOG.debug("{} was made by another process meanwhile", file, e);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private DriverIdentity() {}
}
