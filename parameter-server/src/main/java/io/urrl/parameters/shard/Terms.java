package io.urrl.parameters.shard;

import io.urrl.actors.files.FileFailure;
import io.urrl.actors.run.TermClaims;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The terms that were begun in a run directory, over all processes that ever worked on it: none is
 * begun twice, so that what a forgotten process still sends or writes never counts. Each is an
 * empty file in {@code terms}, made by the one trainer that begins it; runs of earlier versions
 * have the highest one in the file {@code term}. Nothing is remembered here, for other processes
 * claim terms, too.
 */
public final class Terms implements TermClaims {
  private static final Pattern NAME = Pattern.compile("\\d{6,9}");

  private final Path directory;
  private final Path claims;
  private final Path earlier;

  private Terms(Path directory) {
    this.directory = directory;
    claims = directory.resolve("terms");
    earlier = directory.resolve("term");
  }

  /** The terms of a run directory; nothing is read yet. */
  public static Terms of(Path directory) {
    return new Terms(directory);
  }

  /**
   * The highest term that was ever begun, 0 when none was.
   *
   * @throws IOException with a text for people when it cannot be read
   */
  public int highest() throws IOException {
    return Math.max(highestClaim(), highestEarlier());
  }

  private int highestClaim() throws IOException {
    if (Files.notExists(claims)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(claims)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> NAME.matcher(name).matches())
          .mapToInt(Integer::parseInt)
          .max()
          .orElse(0);
    } catch (IOException e) {
      throw new IOException(claims + " cannot be read: " + FileFailure.reason(claims, e), e);
    }
  }

  private int highestEarlier() throws IOException {
    if (Files.notExists(earlier)) {
      return 0;
    }
    String text;
    try {
      text = Files.readString(earlier).strip();
    } catch (IOException e) {
      throw new IOException(earlier + " cannot be read: " + FileFailure.reason(earlier, e), e);
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IOException(
          earlier + " holds no number; write the highest \"term\" of ledger.jsonl into it", e);
    }
  }

  /** It is on disk when this returns. */
  @Override
  public int claim(int above) throws IOException {
    int term = Math.max(above, highest()) + 1;
    try {
      Files.createDirectories(claims);
      while (!create(claims.resolve("%06d".formatted(term)))) {
        term++;
      }
      try (FileChannel entries = FileChannel.open(claims, StandardOpenOption.READ)) {
        entries.force(true);
      }
    } catch (IOException e) {
      throw new IOException(
          "%s cannot be written: %s; mend that and start with --resume"
              .formatted(claims, FileFailure.reason(claims, e)),
          e);
    }
    return term;
  }

  /** Makes a file, unless somebody else has. */
  private static boolean create(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.force(true);
      return true;
    } catch (FileAlreadyExistsException _) {
      return false;
    }
  }

  /** For people: this host does not find in the directory what the trainer has put there. */
  String unseen() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      host = "this host";
    }
    return "%s does not see what the trainer wrote in %s: trainer and parameters nodes need the same storage"
        .formatted(host, directory.toAbsolutePath());
  }
}
