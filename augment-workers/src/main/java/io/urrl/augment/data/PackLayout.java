package io.urrl.augment.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The bytes of a pack: a header, a record for each picture, training pictures first, and an index.
 * Numbers are little-endian, checksums CRC-32C. Version 1.
 *
 * <pre>
 *   0        header, {@link #HEADER_LENGTH} bytes
 *   128      record 0    each begins at a multiple of {@link #ALIGNMENT}
 *            record 1
 *            ...
 *   index    entry of record 0, entry of record 1, ..., an entry whose name begins where names end
 *            ends of the classes' names within the text, an int each
 *            text: names of the pictures, names of the classes, as the file system has them,
 *            mostly UTF-8, without anything between
 *
 *    0                   4                   8                   12                  16
 *   +-------------------+-------------------+-------------------+-------------------+  record
 *   |  payload length   |     checksum      |      sample       |       kind        |
 *   +-------------------+-------------------+-------------------+-------------------+
 *   |       width       |      height       |  payload ...
 *   +-------------------+-------------------+---------------
 *
 *    0                                       8                   12                  16
 *   +---------------------------------------+-------------------+-------------------+  entry
 *   |           offset of the record        |  payload length   |       class       |
 *   +---------------------------------------+-------------------+-------------------+
 *   |     start of its name in the text     |
 *   +---------------------------------------+
 * </pre>
 */
final class PackLayout {
  /** "urrlpack" as it stands in the file. */
  static final long MAGIC = 0x6B6361706C727275L;

  static final int VERSION = 1;
  static final int ALIGNMENT = 8;

  /** {@code long}: {@link #MAGIC}. */
  static final int MAGIC_OFFSET = 0;

  /** {@code int}: {@link #VERSION}. */
  static final int VERSION_OFFSET = 8;

  /** {@code int}: code of the {@link PackForm}. */
  static final int FORM_OFFSET = 12;

  /** {@code int}: what longer shorter sides were resized to; 0: nothing was. */
  static final int SHORTER_SIDE_OFFSET = 16;

  /** {@code int}: number of classes. */
  static final int CLASSES_OFFSET = 20;

  /** {@code int}: number of training pictures. */
  static final int TRAIN_OFFSET = 24;

  /** {@code int}: number of test pictures. */
  static final int TEST_OFFSET = 28;

  /** {@code long}: fingerprint of the training pictures' source. */
  static final int TRAIN_FINGERPRINT_OFFSET = 32;

  /** {@code long}: fingerprint of the test pictures' source. */
  static final int TEST_FINGERPRINT_OFFSET = 40;

  /** {@code int}: records that are on the disk for certain. */
  static final int RECORDS_OFFSET = 48;

  /** {@code int}: checksum of the index with its names. */
  static final int INDEX_CHECKSUM_OFFSET = 52;

  /** {@code long}: end of the last of these records, begin of the index. */
  static final int INDEX_OFFSET = 56;

  /** {@code long}: length of the whole file; 0 while it is being written. */
  static final int FILE_LENGTH_OFFSET = 64;

  /** {@code int}: checksum of the header before it. */
  static final int HEADER_CHECKSUM_OFFSET = 72;

  static final int HEADER_LENGTH = 128;

  /** {@code int}: bytes of the payload. */
  static final int PAYLOAD_LENGTH_OFFSET = 0;

  /** {@code int}: checksum of all that follows it in the record. */
  static final int CHECKSUM_OFFSET = 4;

  /** {@code int}: number of the record. */
  static final int SAMPLE_OFFSET = 8;

  /** {@code int}: {@link #ENCODED}, {@link #PIXELS} or {@link #BROKEN}. */
  static final int KIND_OFFSET = 12;

  /** {@code int}: columns of pixels, 0 for other kinds. */
  static final int WIDTH_OFFSET = 16;

  /** {@code int}: rows of pixels, 0 for other kinds. */
  static final int HEIGHT_OFFSET = 20;

  static final int RECORD_HEADER_LENGTH = 24;

  /** The payload is an encoded file. */
  static final int ENCODED = 0;

  /** The payload is r, g, b of each pixel, row by row. */
  static final int PIXELS = 1;

  /** The payload is the reason, UTF-8, why there is no picture. */
  static final int BROKEN = 2;

  /** {@code long}: where the record begins. */
  static final int ENTRY_RECORD_OFFSET = 0;

  /** {@code int}: bytes of its payload. */
  static final int ENTRY_LENGTH_OFFSET = 8;

  /** {@code int}: class of the picture; −1: it has none. */
  static final int ENTRY_CLASS_OFFSET = 12;

  /** {@code long}: where its name begins in the text; it ends where the next one's begins. */
  static final int ENTRY_NAME_OFFSET = 16;

  static final int ENTRY_LENGTH = 24;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static int getInt(MemorySegment bytes, long offset) {
    return bytes.get(INT, offset);
  }

  static long getLong(MemorySegment bytes, long offset) {
    return bytes.get(LONG, offset);
  }

  static void putInt(MemorySegment bytes, long offset, int value) {
    bytes.set(INT, offset, value);
  }

  static void putLong(MemorySegment bytes, long offset, long value) {
    bytes.set(LONG, offset, value);
  }

  /** Where the record after one that ends at {@code end} begins. */
  static long aligned(long end) {
    return (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Bytes of the index without the text. */
  static long indexLength(long records, int classes) {
    return (records + 1) * ENTRY_LENGTH + (long) classes * Integer.BYTES;
  }

  /** Checksum of a header's first part. */
  static int headerChecksum(byte[] header) {
    CRC32C checksum = new CRC32C();
    checksum.update(header, 0, HEADER_CHECKSUM_OFFSET);
    return (int) checksum.getValue();
  }

  /**
   * Checksum of a record.
   *
   * @param header its {@link #RECORD_HEADER_LENGTH} bytes
   * @param length bytes of the payload that count
   */
  static int recordChecksum(CRC32C scratch, byte[] header, byte[] payload, int length) {
    scratch.reset();
    scratch.update(header, SAMPLE_OFFSET, RECORD_HEADER_LENGTH - SAMPLE_OFFSET);
    scratch.update(payload, 0, length);
    return (int) scratch.getValue();
  }

  private PackLayout() {}
}
