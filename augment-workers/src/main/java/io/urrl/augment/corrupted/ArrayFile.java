package io.urrl.augment.corrupted;

import io.urrl.actors.tensor.ElementType;
import io.urrl.actors.tensor.Npy;
import io.urrl.augment.data.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * An array of pictures that is written row by row, in any order, beside its place: {@code
 * NAME.part} holds the rows and {@code NAME.done} how many pictures are complete. Finished, it is
 * renamed.
 */
final class ArrayFile implements AutoCloseable {
  private final Path file;
  private final Path part;
  private final Path done;
  private final FileChannel channel;
  private final long start;
  private final int rowBytes;
  private int completed;

  private ArrayFile(Path file, FileChannel channel, long start, int rowBytes, int completed) {
    this.file = file;
    part = beside(file, ".part");
    done = beside(file, ".done");
    this.channel = channel;
    this.start = start;
    this.rowBytes = rowBytes;
    this.completed = completed;
  }

  /**
   * Begins an array, or goes on with one.
   *
   * @param rows rows of {@code height} × {@code width} × {@code bands} bytes
   */
  static ArrayFile open(Path file, long rows, int height, int width, int bands) throws IOException {
    Path part = beside(file, ".part");
    Path done = beside(file, ".done");
    ByteBuffer header =
        Npy.header(ElementType.U8, List.of(rows, (long) height, (long) width, (long) bands));
    int start = header.remaining();
    int rowBytes = height * width * bands;
    long size = start + rows * rowBytes;
    boolean begun = Files.exists(done) && Files.exists(part) && Files.size(part) == size;
    int completed = begun ? completed(done) : 0;
    FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (!begun) {
        Files.deleteIfExists(done);
        channel.truncate(0);
        writeAll(channel, header, 0);
        writeAll(channel, ByteBuffer.wrap(new byte[1]), size - 1);
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new ArrayFile(file, channel, start, rowBytes, completed);
  }

  private static int completed(Path done) throws IOException {
    String text = Files.readString(done).strip();
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new DataException(done + " is damaged; delete it to begin this array anew", e);
    }
  }

  private static Path beside(Path file, String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }

  /** Pictures from the first that are there at all severities. */
  int completed() {
    return completed;
  }

  /** Writes a row. For any thread. */
  void write(long row, byte[] data) throws IOException {
    writeAll(channel, ByteBuffer.wrap(data, 0, rowBytes), start + row * rowBytes);
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long place = at;
    while (bytes.hasRemaining()) {
      place += channel.write(bytes, place);
    }
  }

  /** Records that the first {@code pictures} are there, once their bytes are. */
  void complete(int pictures) throws IOException {
    channel.force(false);
    Path beside = beside(done, ".part");
    Files.writeString(beside, pictures + "\n");
    Files.move(beside, done, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    completed = pictures;
  }

  /** Puts the array in its place. */
  void finish() throws IOException {
    channel.close();
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(done);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
