package io.urrl.augment.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutated files, the same ones at every run, in a process of their own: none ends it, none takes
 * long, and each is either decoded or named as broken.
 */
class HostileFilesTest {
  private static final Path FOLDER = Path.of("src/test/resources/decode");
  private static final long MOST_NANOS = Duration.ofSeconds(10).toNanos();

  /** Values that headers lie with: nothing, the largest of a sign, and the largest of all. */
  private static final List<Integer> LIES = List.of(0, 1, 0x7F, 0x80, 0xFF);

  @TempDir private Path folder;

  @Test
  void filesOfAllKindsAreDecodedOrNamed() throws Exception {
    requireReads(10_000, "system", "");
  }

  @Test
  void theBundledPartReadsJpegAsSafely() throws Exception {
    requireReads(4_000, "bundled", ".jpg");
  }

  private void requireReads(int files, String codec, String suffix) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--") || argument.startsWith("-X"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Reader.class.getName(), Integer.toString(files), codec, suffix));
    Path output = folder.resolve("output.txt");
    // libjpeg itself writes about damage to the standard error.
    Process reader =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean ended = reader.waitFor(120, TimeUnit.SECONDS);
    reader.destroyForcibly();
    assertTrue(ended, "a file holds the reader up");
    String said = Files.readString(output).strip();
    assertEquals(0, reader.exitValue(), said);
    assertTrue(said.matches("[0-9]{3,} decoded, [0-9]{3,} broken"), said);
  }

  /** Reads mutated files and says how many were decoded. */
  static final class Reader {
    public static void main(String[] arguments) throws IOException {
      int count = Integer.parseInt(arguments[0]);
      List<byte[]> whole = files(arguments[2]);
      SplittableRandom random = new SplittableRandom(20_260_101);
      PictureDecoder decoder =
          arguments[1].equals("bundled")
              ? new PictureDecoder(PixelLimit.STANDARD, new BundledJpeg())
              : new PictureDecoder();
      Picture picture = new Picture();
      int decoded = 0;
      for (int number = 0; number < count; number++) {
        byte[] file = mutated(whole.get(random.nextInt(whole.size())), random);
        long start = System.nanoTime();
        boolean read = read(decoder, file, picture);
        long taken = System.nanoTime() - start;
        decoded += read ? 1 : 0;
        if (read && number % 4 == 0) {
          requireSameAgain(decoder, file, picture, whole.getFirst());
        }
        if (taken > MOST_NANOS) {
          throw new IllegalStateException("file " + number + " took " + taken / 1e9 + " s");
        }
      }
      System.out.println(decoded + " decoded, " + (count - decoded) + " broken");
    }
  }

  /** What a damaged file leaves out is not filled with what is left of another picture. */
  private static void requireSameAgain(
      PictureDecoder decoder, byte[] file, Picture picture, byte[] other) {
    byte[] first = Arrays.copyOf(picture.data(), picture.length());
    read(decoder, other, picture);
    boolean read = read(decoder, file, picture);
    if (!read || !Arrays.equals(first, Arrays.copyOf(picture.data(), picture.length()))) {
      throw new IllegalStateException("another result at the second time");
    }
  }

  private static boolean read(PictureDecoder decoder, byte[] file, Picture picture) {
    try {
      decoder.decode(file, file.length, picture);
      return true;
    } catch (BrokenPictureException e) {
      if (e.getMessage().isBlank()) {
        throw new IllegalStateException("a reason that says nothing", e);
      }
      return false;
    }
  }

  private static byte[] mutated(byte[] whole, SplittableRandom random) {
    byte[] file = whole.clone();
    switch (random.nextInt(5)) {
      case 0 -> file = Arrays.copyOf(file, random.nextInt(file.length));
      case 1 -> {
        for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
          file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 2 -> lie(file, random);
      case 3 -> {
        // A piece from elsewhere, so that segments overlap and repeat.
        int length = 1 + random.nextInt(file.length / 2);
        int from = random.nextInt(file.length - length);
        int to = random.nextInt(file.length - length);
        System.arraycopy(whole, from, file, to, length);
      }
      default -> {
        int from = random.nextInt(file.length);
        int to = Math.min(file.length, from + 1 + random.nextInt(64));
        for (int at = from; at < to; at++) {
          file[at] = (byte) random.nextInt(256);
        }
      }
    }
    return file;
  }

  /**
   * One to four bytes near the beginning, where sizes and lengths stand; lengths too late are few.
   */
  private static void lie(byte[] file, SplittableRandom random) {
    int at = random.nextInt(Math.min(file.length - 4, 700));
    for (int i = 0; i <= random.nextInt(4); i++) {
      file[at + i] = LIES.get(random.nextInt(LIES.size())).byteValue();
    }
  }

  private static List<byte[]> files(String suffix) throws IOException {
    try (Stream<Path> paths = Files.list(FOLDER)) {
      return paths
          .filter(path -> !path.toString().endsWith(".json"))
          .filter(path -> path.toString().endsWith(suffix))
          .sorted()
          .map(HostileFilesTest::bytes)
          .toList();
    }
  }

  private static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
