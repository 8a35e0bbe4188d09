package io.urrl.augment.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Whole files of all four formats, and what is left of them after an accident. */
public final class MutatedFiles {
  private static final List<Path> FOLDERS =
      List.of(Path.of("src/test/resources/decode"), Path.of("src/test/resources/odd-pictures"));

  /** Values that headers lie with: nothing, the largest of a sign, and the largest of all. */
  private static final List<Integer> LIES = List.of(0, 1, 0x7F, 0x80, 0xFF);

  /** The files whose names end so. */
  public static List<byte[]> whole(String suffix) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (Path folder : FOLDERS) {
      try (Stream<Path> paths = Files.list(folder)) {
        for (Path path : paths.sorted().toList()) {
          if (!path.toString().endsWith(".json") && path.toString().endsWith(suffix)) {
            files.add(Files.readAllBytes(path));
          }
        }
      }
    }
    return files;
  }

  /** One of the files, cut, flipped, told to lie, overwritten, or with a part inserted again. */
  public static byte[] next(List<byte[]> files, SplittableRandom random) {
    byte[] whole = files.get(random.nextInt(files.size()));
    byte[] file = whole.clone();
    if (file.length < 16) {
      return file;
    }
    switch (random.nextInt(7)) {
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
      case 4 -> {
        byte[] other = files.get(random.nextInt(files.size()));
        int length = Math.min(other.length, 1 + random.nextInt(200));
        int from = random.nextInt(1 + other.length - length);
        file = inserted(file, random.nextInt(file.length), other, from, from + length);
      }
      case 5 -> file = doubled(file, random);
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

  /** Inserts a whole chunk of a PNG, or segment of a JPEG, before another one. */
  private static byte[] doubled(byte[] file, SplittableRandom random) {
    List<Integer> starts = parts(file);
    int chosen = random.nextInt(starts.size() - 1);
    int to = starts.get(random.nextInt(starts.size()));
    return inserted(file, to, file, starts.get(chosen), starts.get(chosen + 1));
  }

  /** Where chunks or segments begin, and the end of the last one. */
  private static List<Integer> parts(byte[] file) {
    List<Integer> starts = new ArrayList<>();
    boolean png = PngStream.accepts(file, file.length);
    long at = png ? 8 : 2;
    while (at + 12 <= file.length) {
      starts.add((int) at);
      int start = (int) at;
      at +=
          png
              ? 12 + (PngStream.number(file, start) & 0xFFFFFFFFL)
              : 2 + ((file[start + 2] & 0xFF) << 8 | (file[start + 3] & 0xFF));
    }
    starts.add((int) Math.min(at, file.length));
    if (starts.size() < 2) {
      starts.addFirst(0);
    }
    return starts;
  }

  private static byte[] inserted(byte[] file, int at, byte[] other, int from, int to) {
    byte[] longer = Arrays.copyOf(file, file.length + to - from);
    System.arraycopy(other, from, longer, at, to - from);
    System.arraycopy(file, at, longer, at + to - from, file.length - at);
    return longer;
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

  private MutatedFiles() {}
}
