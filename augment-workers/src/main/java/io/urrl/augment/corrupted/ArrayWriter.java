package io.urrl.augment.corrupted;

import io.urrl.actors.tensor.Npy;
import io.urrl.actors.tensor.Tensor;
import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.image.JpegEncoder;
import io.urrl.augment.image.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * CIFAR-C's layout: {@code CORRUPTION.npy}, uint8 [severities × pictures, side, side, 3], all
 * pictures of the lowest severity first, and {@code labels.npy}, uint8 with a label a row (int64
 * beyond 256 classes).
 */
public final class ArrayWriter implements CorruptedWriter {
  private static final int MOST_CLASSES_IN_A_BYTE = 256;

  private final Map<CorruptionKind, ArrayFile> open = new EnumMap<>(CorruptionKind.class);
  private final List<Integer> severities;
  private final int count;

  private ArrayWriter(List<Integer> severities, int count) {
    this.severities = severities;
    this.count = count;
  }

  /** Writes the labels and opens the arrays that are not finished yet. */
  public static ArrayWriter open(Path directory, CorruptionJob job) throws IOException {
    Files.createDirectories(directory);
    if (job.pictures().classes() > 0) {
      writeLabels(directory.resolve("labels.npy"), job);
    }
    ArrayWriter writer = new ArrayWriter(job.severities(), job.count());
    int side = job.corruptions().table().side();
    long rows = (long) job.severities().size() * job.count();
    try {
      for (CorruptionKind kind : job.kinds()) {
        Path file = directory.resolve(kind.publishedName() + ".npy");
        if (!Files.exists(file)) {
          writer.open.put(kind, ArrayFile.open(file, rows, side, side, 3));
        }
      }
    } catch (IOException e) {
      writer.close();
      throw e;
    }
    return writer;
  }

  private static void writeLabels(Path file, CorruptionJob job) throws IOException {
    int rows = Math.multiplyExact(job.severities().size(), job.count());
    long[] labels = new long[rows];
    byte[] bytes = new byte[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = job.pictures().label(row % job.count());
      bytes[row] = (byte) labels[row];
    }
    Path beside = file.resolveSibling("labels.npy.part");
    boolean small = job.pictures().classes() <= MOST_CLASSES_IN_A_BYTE;
    Npy.write(beside, small ? Tensor.of(bytes, rows) : Tensor.of(labels, rows));
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public boolean has(int number, CorruptionKind kind, int severity) {
    ArrayFile file = open.get(kind);
    return file == null || number < file.completed();
  }

  @Override
  public void write(
      int number, CorruptionKind kind, int severity, Picture picture, JpegEncoder encoder)
      throws IOException {
    long row = (long) severities.indexOf(severity) * count + number;
    open.get(kind).write(row, picture.data());
  }

  @Override
  public boolean mayLeaveOut() {
    return false;
  }

  @Override
  public void completed(int pictures) throws IOException {
    for (ArrayFile file : open.values()) {
      if (pictures > file.completed()) {
        file.complete(pictures);
      }
      if (pictures == count) {
        file.finish();
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (ArrayFile file : open.values()) {
      file.close();
    }
  }
}
