package io.urrl.augment.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutated files, the same ones at every run, in a process of their own: none ends it, none takes
 * long, and each is either decoded or named as broken.
 */
class HostileFilesTest {
  private static final long MOST_NANOS = Duration.ofSeconds(10).toNanos();

  @TempDir private Path folder;

  @Test
  void filesOfAllKindsAreDecodedOrNamed() throws Exception {
    requireReads(20_000, "system", "");
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
    boolean ended = reader.waitFor(300, TimeUnit.SECONDS);
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
      List<byte[]> whole = MutatedFiles.whole(arguments[2]);
      SplittableRandom random = new SplittableRandom(20_260_101);
      ThreadMXBean thread = ManagementFactory.getThreadMXBean();
      PictureDecoder decoder =
          arguments[1].equals("bundled")
              ? new PictureDecoder(PixelLimit.STANDARD, new BundledJpeg())
              : new PictureDecoder();
      Picture picture = new Picture();
      int decoded = 0;
      for (int number = 0; number < count; number++) {
        byte[] file = MutatedFiles.next(whole, random);
        // The thread's own time: other processes on the machine are not the file's fault.
        long start = thread.getCurrentThreadCpuTime();
        boolean read = read(decoder, file, picture);
        long taken = thread.getCurrentThreadCpuTime() - start;
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
}
