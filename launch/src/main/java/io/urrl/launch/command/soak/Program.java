package io.urrl.launch.command.soak;

import io.urrl.launch.ThisJvm;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program that runs are made with: this one's class path, with its folders of classes copied
 * aside, so that a build in the meantime changes nothing in a test of hours.
 *
 * @param classPath of the copy
 * @param fingerprint SHA-256 in hexadecimal over everything on the class path
 */
record Program(String classPath, String fingerprint) {
  private static final int BLOCK = 1 << 18;

  /**
   * Copies this process's program.
   *
   * @param parent where the copy goes; copies of other programs there are removed
   */
  static Program copy(Path parent) throws IOException {
    return copy(parent, ThisJvm.classPath());
  }

  static Program copy(Path parent, String classPath) throws IOException {
    List<Path> entries =
        Stream.of(classPath.split(File.pathSeparator, -1))
            .filter(entry -> !entry.isEmpty())
            .map(Path::of)
            .filter(Files::exists)
            .toList();
    String fingerprint = fingerprint(entries);
    Path place = parent.resolve(fingerprint.substring(0, 12));
    if (Files.notExists(place)) {
      Folders.delete(parent);
      Path part = parent.resolve("part");
      for (int index = 0; index < entries.size(); index++) {
        if (Files.isDirectory(entries.get(index))) {
          copyFolder(entries.get(index), part.resolve(Integer.toString(index)));
        }
      }
      Files.createDirectories(part);
      Files.move(part, place);
    }
    List<String> copied = new ArrayList<>();
    for (int index = 0; index < entries.size(); index++) {
      Path entry = entries.get(index);
      Path taken = Files.isDirectory(entry) ? place.resolve(Integer.toString(index)) : entry;
      copied.add(taken.toAbsolutePath().toString());
    }
    return new Program(String.join(File.pathSeparator, copied), fingerprint);
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    for (Path file : files(from)) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
    Files.createDirectories(to);
  }

  private static String fingerprint(List<Path> entries) throws IOException {
    MessageDigest digest = Hashes.sha256();
    for (Path entry : entries) {
      for (Path file : Files.isDirectory(entry) ? files(entry) : List.of(entry)) {
        Path name = Files.isDirectory(entry) ? entry.relativize(file) : file.getFileName();
        digest.update((name + "\0").getBytes(StandardCharsets.UTF_8));
        update(digest, file);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void update(MessageDigest digest, Path file) throws IOException {
    byte[] block = new byte[BLOCK];
    try (InputStream bytes = Files.newInputStream(file)) {
      for (int count = bytes.read(block); count >= 0; count = bytes.read(block)) {
        digest.update(block, 0, count);
      }
    }
  }

  /**
   * Starts a main class in a JVM of its own, with this JVM's flags. Its standard input stays open
   * as long as this process lives.
   *
   * @param jvmFlags more flags
   * @param systemAllocator whether to take out the environment's tuning of the allocator
   * @param output takes what it prints
   */
  Process start(
      Class<?> main,
      List<String> jvmFlags,
      boolean systemAllocator,
      List<String> arguments,
      Path output)
      throws IOException {
    List<String> command =
        Stream.of(
                List.of(ThisJvm.java()),
                ThisJvm.flags(),
                jvmFlags,
                List.of("-cp", classPath, main.getName()),
                arguments)
            .flatMap(List::stream)
            .collect(Collectors.toList());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    if (systemAllocator) {
      builder.environment().keySet().removeIf(Program::tunesAllocator);
    }
    return builder.start();
  }

  /** Whether a variable of the environment is read by the C library's allocator. */
  static boolean tunesAllocator(String variable) {
    return variable.startsWith("MALLOC_");
  }
}
