package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A pack that is open: mapped into memory, header and index checked, records checked as they are
 * read. Costs no heap but the class names. Safe for any thread.
 */
public final class PackFile {
  /** How a pack's name ends. */
  public static final String SUFFIX = ".urrl";

  private static final int PIECE = 1 << 30;

  private final MappedFile file;
  private final PackHeader header;
  private final List<String> classes;
  private final long index;
  private final long text;

  private PackFile(MappedFile file, PackHeader header) {
    this.file = file;
    this.header = header;
    index = header.indexOffset();
    text = index + PackLayout.indexLength(header.records(), header.classes());
    classes = List.copyOf(readClasses());
  }

  /**
   * Opens a pack.
   *
   * @throws DataException when it is none, not whole, or its header or index is damaged
   */
  public static PackFile open(Path path) {
    MappedFile file = MappedFile.open(path);
    String name = FileNames.text(path);
    if (file.size() < PackLayout.HEADER_LENGTH) {
      throw new DataException(
          "%s is no pack, or was cut short: it has %d bytes; copy or pack the data again"
              .formatted(name, file.size()));
    }
    byte[] bytes = file.bytes().asSlice(0, PackLayout.HEADER_LENGTH).toArray(ValueLayout.JAVA_BYTE);
    PackHeader header = PackHeader.of(bytes, name);
    if (header.fileLength() == 0) {
      throw new DataException(
          "%s is not finished: %d of %d pictures; go on with the same: urrl data pack"
              .formatted(name, header.records(), header.train() + header.test()));
    }
    if (file.size() != header.fileLength()) {
      throw new DataException(
          "%s was cut short or has grown: %d bytes instead of %d; copy or pack the data again"
              .formatted(name, file.size(), header.fileLength()));
    }
    if (checksum(file.bytes().asSlice(header.indexOffset())) != header.indexChecksum()) {
      throw new DataException(name + ": the index is damaged; copy or pack the data again");
    }
    return new PackFile(file, header);
  }

  private static int checksum(MemorySegment bytes) {
    CRC32C checksum = new CRC32C();
    for (long from = 0; from < bytes.byteSize(); from += PIECE) {
      long length = Math.min(PIECE, bytes.byteSize() - from);
      checksum.update(bytes.asSlice(from, length).asByteBuffer());
    }
    return (int) checksum.getValue();
  }

  private List<String> readClasses() {
    List<String> names = new ArrayList<>();
    long from = entry(header.records(), PackLayout.ENTRY_NAME_OFFSET);
    long ends = index + (header.records() + 1L) * PackLayout.ENTRY_LENGTH;
    for (int i = 0; i < header.classes(); i++) {
      int end = PackLayout.getInt(file.bytes(), ends + (long) i * Integer.BYTES);
      names.add(text(from, end));
      from = end;
    }
    return names;
  }

  /** What the header says. */
  public PackHeader header() {
    return header;
  }

  /** The file. */
  public Path path() {
    return file.path();
  }

  /** Names of the classes. */
  public List<String> classes() {
    return classes;
  }

  /** Class of a record's picture; −1: it has none. */
  public int label(int record) {
    return PackLayout.getInt(
        file.bytes(),
        index + (long) record * PackLayout.ENTRY_LENGTH + PackLayout.ENTRY_CLASS_OFFSET);
  }

  /** Path that a record's picture had in its data set, as {@link FileNames} has it. */
  public String name(int record) {
    return text(
        entry(record, PackLayout.ENTRY_NAME_OFFSET),
        entry(record + 1, PackLayout.ENTRY_NAME_OFFSET));
  }

  /** Where a record begins. */
  long offset(int record) {
    return entry(record, PackLayout.ENTRY_RECORD_OFFSET);
  }

  /** Bytes of a record's payload. */
  int length(int record) {
    return PackLayout.getInt(
        file.bytes(),
        index + (long) record * PackLayout.ENTRY_LENGTH + PackLayout.ENTRY_LENGTH_OFFSET);
  }

  /** Begins to read a record ahead of its use. */
  void willRead(int record) {
    file.willNeed(offset(record), PackLayout.RECORD_HEADER_LENGTH + (long) length(record));
  }

  /**
   * Copies a record's header, and begins to read the rest of it.
   *
   * @param into takes {@link PackLayout#RECORD_HEADER_LENGTH} bytes
   * @throws BrokenPictureException when it is not this record's
   */
  void copyHeader(int record, byte[] into) throws BrokenPictureException {
    boolean same;
    try {
      willRead(record);
      file.copy(offset(record), into, PackLayout.RECORD_HEADER_LENGTH);
      MemorySegment fields = MemorySegment.ofArray(into);
      same =
          PackLayout.getInt(fields, PackLayout.PAYLOAD_LENGTH_OFFSET) == length(record)
              && PackLayout.getInt(fields, PackLayout.SAMPLE_OFFSET) == record;
    } catch (InternalError e) {
      // The index is mapped as well.
      throw file.lost(e);
    }
    if (!same) {
      throw damaged(record);
    }
  }

  /**
   * Copies a record's payload.
   *
   * @param recordHeader its header
   * @throws BrokenPictureException when its checksum is not the header's
   */
  void copyPayload(int record, byte[] recordHeader, byte[] into, CRC32C scratch)
      throws BrokenPictureException {
    int length = length(record);
    file.copy(offset(record) + PackLayout.RECORD_HEADER_LENGTH, into, length);
    int found = PackLayout.recordChecksum(scratch, recordHeader, into, length);
    int wanted = PackLayout.getInt(MemorySegment.ofArray(recordHeader), PackLayout.CHECKSUM_OFFSET);
    if (found != wanted) {
      throw damaged(record);
    }
  }

  private BrokenPictureException damaged(int record) {
    return new BrokenPictureException(
        "record %d of %s is damaged: its checksum is wrong; copy or pack the data again"
            .formatted(record, FileNames.shown(FileNames.text(path()))));
  }

  private long entry(int record, int field) {
    return PackLayout.getLong(
        file.bytes(), index + (long) record * PackLayout.ENTRY_LENGTH + field);
  }

  private String text(long from, long to) {
    byte[] bytes = file.bytes().asSlice(text + from, to - from).toArray(ValueLayout.JAVA_BYTE);
    return FileNames.text(bytes);
  }
}
