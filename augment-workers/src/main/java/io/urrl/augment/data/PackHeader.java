package io.urrl.augment.data;

import java.lang.foreign.MemorySegment;

/**
 * What a pack's header says.
 *
 * @param form how it holds its pictures
 * @param shorterSide what longer shorter sides were resized to; 0: nothing was
 * @param classes number of classes
 * @param train number of training pictures
 * @param test number of test pictures
 * @param trainFingerprint fingerprint of the training pictures' source
 * @param testFingerprint fingerprint of the test pictures' source
 * @param records records that are written
 * @param indexOffset end of these records
 * @param indexChecksum checksum of the index; 0 while the pack is being written
 * @param fileLength length of the file; 0 while the pack is being written
 */
public record PackHeader(
    PackForm form,
    int shorterSide,
    int classes,
    int train,
    int test,
    long trainFingerprint,
    long testFingerprint,
    int records,
    long indexOffset,
    int indexChecksum,
    long fileLength) {

  /** The header of a pack without records. */
  static PackHeader empty(PackForm form, int shorterSide, int classes, PackParts parts) {
    return new PackHeader(
        form,
        shorterSide,
        classes,
        parts.size(Split.TRAIN),
        parts.size(Split.TEST),
        parts.fingerprint(Split.TRAIN),
        parts.fingerprint(Split.TEST),
        0,
        PackLayout.HEADER_LENGTH,
        0,
        0);
  }

  /** The header after {@code count} records that end at {@code end}. */
  PackHeader with(int count, long end, int checksum, long length) {
    return new PackHeader(
        form,
        shorterSide,
        classes,
        train,
        test,
        trainFingerprint,
        testFingerprint,
        count,
        end,
        checksum,
        length);
  }

  /** Whether both are headers of the same pack, however far it is written. */
  boolean samePack(PackHeader other) {
    return with(0, 0, 0, 0).equals(other.with(0, 0, 0, 0));
  }

  /** Pictures of a part. */
  public int size(Split split) {
    return split == Split.TRAIN ? train : test;
  }

  /**
   * Fingerprint of a part: that of its source as long as its pictures have the source's pixels, so
   * that a run may go on from either; another one when they were resized.
   */
  public long fingerprint(Split split) {
    long source = split == Split.TRAIN ? trainFingerprint : testFingerprint;
    return shorterSide == 0
        ? source
        : new Fingerprint().add(source).add("shorter-side").add(shorterSide).value();
  }

  /** The header as it stands in the file. */
  byte[] toBytes() {
    byte[] bytes = new byte[PackLayout.HEADER_LENGTH];
    MemorySegment header = MemorySegment.ofArray(bytes);
    PackLayout.putLong(header, PackLayout.MAGIC_OFFSET, PackLayout.MAGIC);
    PackLayout.putInt(header, PackLayout.VERSION_OFFSET, PackLayout.VERSION);
    PackLayout.putInt(header, PackLayout.FORM_OFFSET, form.code());
    PackLayout.putInt(header, PackLayout.SHORTER_SIDE_OFFSET, shorterSide);
    PackLayout.putInt(header, PackLayout.CLASSES_OFFSET, classes);
    PackLayout.putInt(header, PackLayout.TRAIN_OFFSET, train);
    PackLayout.putInt(header, PackLayout.TEST_OFFSET, test);
    PackLayout.putLong(header, PackLayout.TRAIN_FINGERPRINT_OFFSET, trainFingerprint);
    PackLayout.putLong(header, PackLayout.TEST_FINGERPRINT_OFFSET, testFingerprint);
    PackLayout.putInt(header, PackLayout.RECORDS_OFFSET, records);
    PackLayout.putInt(header, PackLayout.INDEX_CHECKSUM_OFFSET, indexChecksum);
    PackLayout.putLong(header, PackLayout.INDEX_OFFSET, indexOffset);
    PackLayout.putLong(header, PackLayout.FILE_LENGTH_OFFSET, fileLength);
    PackLayout.putInt(header, PackLayout.HEADER_CHECKSUM_OFFSET, PackLayout.headerChecksum(bytes));
    return bytes;
  }

  /**
   * Reads a header.
   *
   * @param name the file, for people
   * @throws DataException when it is none, damaged, or of another version
   */
  static PackHeader of(byte[] bytes, String name) {
    MemorySegment header = MemorySegment.ofArray(bytes);
    if (PackLayout.getLong(header, PackLayout.MAGIC_OFFSET) != PackLayout.MAGIC) {
      throw new DataException(name + " is no pack; make one with: urrl data pack DIR --out FILE");
    }
    int version = PackLayout.getInt(header, PackLayout.VERSION_OFFSET);
    if (version != PackLayout.VERSION) {
      throw new DataException(
          "%s is a pack of version %d, and this program reads version %d; pack the data again"
              .formatted(name, version, PackLayout.VERSION));
    }
    if (PackLayout.getInt(header, PackLayout.HEADER_CHECKSUM_OFFSET)
        != PackLayout.headerChecksum(bytes)) {
      throw new DataException(name + ": the header is damaged; copy or pack the data again");
    }
    return new PackHeader(
        PackForm.of(PackLayout.getInt(header, PackLayout.FORM_OFFSET)),
        PackLayout.getInt(header, PackLayout.SHORTER_SIDE_OFFSET),
        PackLayout.getInt(header, PackLayout.CLASSES_OFFSET),
        PackLayout.getInt(header, PackLayout.TRAIN_OFFSET),
        PackLayout.getInt(header, PackLayout.TEST_OFFSET),
        PackLayout.getLong(header, PackLayout.TRAIN_FINGERPRINT_OFFSET),
        PackLayout.getLong(header, PackLayout.TEST_FINGERPRINT_OFFSET),
        PackLayout.getInt(header, PackLayout.RECORDS_OFFSET),
        PackLayout.getLong(header, PackLayout.INDEX_OFFSET),
        PackLayout.getInt(header, PackLayout.INDEX_CHECKSUM_OFFSET),
        PackLayout.getLong(header, PackLayout.FILE_LENGTH_OFFSET));
  }
}
