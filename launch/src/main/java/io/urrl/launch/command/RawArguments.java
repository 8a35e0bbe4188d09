package io.urrl.launch.command;

import io.urrl.augment.data.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The arguments as {@link FileNames}, so that paths in them may have any bytes. The JVM decodes
 * them by the locale and loses what is not of its encoding; Linux keeps the bytes.
 */
final class RawArguments {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final char REPLACEMENT = '\uFFFD';

  private RawArguments() {}

  /** The arguments without loss, where the JVM's have one and the system tells their bytes. */
  static String[] of(String[] decoded) {
    boolean lost = Arrays.stream(decoded).anyMatch(text -> text.indexOf(REPLACEMENT) >= 0);
    if (!lost) {
      return decoded;
    }
    try {
      return of(decoded, Files.readAllBytes(COMMAND_LINE));
    } catch (IOException e) {
      return decoded;
    }
  }

  /**
   * The last arguments of a command line.
   *
   * @param commandLine all arguments of the process, each with a zero behind it
   */
  static String[] of(String[] decoded, byte[] commandLine) {
    String[] raw = new String[decoded.length];
    int end = commandLine.length - 1;
    for (int i = decoded.length - 1; i >= 0; i--) {
      int from = end;
      while (from > 0 && commandLine[from - 1] != 0) {
        from--;
      }
      if (end < 0) {
        return decoded;
      }
      raw[i] = FileNames.text(Arrays.copyOfRange(commandLine, from, end));
      boolean same = decoded[i].indexOf(REPLACEMENT) >= 0 || raw[i].equals(decoded[i]);
      if (!same) {
        // Options from elsewhere were mixed in; what the JVM understood is right.
        return decoded;
      }
      end = from - 1;
    }
    return raw;
  }
}
