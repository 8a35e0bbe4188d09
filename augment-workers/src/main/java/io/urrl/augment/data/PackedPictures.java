package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A part of a pack. Its samples have the order, the labels and the fingerprint that they had in the
 * data set that was packed; so a run gets the same views from either, and may go on from either.
 */
public final class PackedPictures implements EncodedPictures {
  private final PackFile pack;
  private final Split split;
  private final int first;
  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

  private PackedPictures(PackFile pack, Split split) {
    this.pack = pack;
    this.split = split;
    first = split == Split.TRAIN ? 0 : pack.header().train();
  }

  /** What a thread needs to read records. */
  private static final class Scratch {
    final Reader reader = new Reader();
    final CRC32C checksum = new CRC32C();
    final byte[] header = new byte[PackLayout.RECORD_HEADER_LENGTH];
    final MemorySegment fields = MemorySegment.ofArray(header);

    int field(int offset) {
      return PackLayout.getInt(fields, offset);
    }
  }

  /**
   * Opens a part of a pack.
   *
   * @throws DataException when it cannot be used or does not hold that part
   */
  public static PackedPictures open(Path path, Split split) {
    PackFile pack = PackFile.open(path);
    if (pack.header().size(split) == 0) {
      throw new DataException(
          "%s holds no %s pictures; pack them with --split all"
              .formatted(FileNames.text(path), split == Split.TRAIN ? "training" : "test"));
    }
    return new PackedPictures(pack, split);
  }

  @Override
  public int size() {
    return pack.header().size(split);
  }

  @Override
  public int classes() {
    return label(0) < 0 ? 0 : pack.classes().size();
  }

  @Override
  public int label(int sample) {
    return pack.label(first + sample);
  }

  @Override
  public String className(int label) {
    return pack.classes().get(label);
  }

  @Override
  public String name(int sample) {
    return FileNames.text(pack.path()) + ":" + path(sample);
  }

  @Override
  public String path(int sample) {
    return pack.name(first + sample);
  }

  @Override
  public long fingerprint() {
    return pack.header().fingerprint(split);
  }

  @Override
  public void willRead(int sample) {
    pack.willRead(first + sample);
  }

  @Override
  public void read(int sample, Picture into) throws BrokenPictureException {
    int record = first + sample;
    Scratch room = scratch.get();
    pack.copyHeader(record, room.header);
    if (room.field(PackLayout.KIND_OFFSET) == PackLayout.PIXELS) {
      readPixels(record, room, into);
    } else {
      room.reader.decode(file(record, room), into);
    }
  }

  private void readPixels(int record, Scratch room, Picture into) throws BrokenPictureException {
    int width = room.field(PackLayout.WIDTH_OFFSET);
    int height = room.field(PackLayout.HEIGHT_OFFSET);
    if (width < 1 || height < 1 || 3L * width * height != pack.length(record)) {
      throw new BrokenPictureException(
          "record %d of %s contradicts itself; pack the data again"
              .formatted(record, FileNames.text(pack.path())));
    }
    pack.copyPayload(record, room.header, into.resize(width, height), room.checksum);
  }

  /** Copies a record's file into the reader's room; returns its length. */
  private int file(int record, Scratch room) throws BrokenPictureException {
    int length = pack.length(record);
    byte[] bytes = room.reader.file().ofSize(length);
    pack.copyPayload(record, room.header, bytes, room.checksum);
    if (room.field(PackLayout.KIND_OFFSET) == PackLayout.BROKEN) {
      throw new BrokenPictureException(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }
    return length;
  }

  @Override
  public byte[] encoded(int sample) throws BrokenPictureException {
    int record = first + sample;
    Scratch room = scratch.get();
    pack.copyHeader(record, room.header);
    if (room.field(PackLayout.KIND_OFFSET) == PackLayout.PIXELS) {
      throw new DataException(
          FileNames.text(pack.path()) + " holds pixels; pack the files that it was made from");
    }
    int length = file(record, room);
    return Arrays.copyOf(room.reader.file().bytes(), length);
  }
}
