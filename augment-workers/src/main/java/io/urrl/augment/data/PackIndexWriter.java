package io.urrl.augment.data;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Writes a pack's index, piece by piece. */
final class PackIndexWriter {

  /** Takes bytes of the index, one piece after the other. */
  interface Sink {
    void put(byte[] bytes) throws IOException;
  }

  /**
   * @param offsets where the records begin
   * @param lengths bytes of their payloads
   */
  static void write(PackParts parts, long[] offsets, int[] lengths, Sink sink) throws IOException {
    long name = 0;
    for (int record = 0; record < offsets.length; record++) {
      int label = parts.setOf(record).label(parts.sampleOf(record));
      sink.put(entry(offsets[record], lengths[record], label, name));
      name += name(parts, record).length;
    }
    sink.put(entry(0, 0, 0, name));
    for (String className : parts.classes()) {
      name += text(className).length;
      byte[] end = new byte[Integer.BYTES];
      PackLayout.putInt(MemorySegment.ofArray(end), 0, Math.toIntExact(name));
      sink.put(end);
    }
    for (int record = 0; record < offsets.length; record++) {
      sink.put(name(parts, record));
    }
    for (String className : parts.classes()) {
      sink.put(text(className));
    }
  }

  private static byte[] entry(long offset, int length, int label, long name) {
    byte[] bytes = new byte[PackLayout.ENTRY_LENGTH];
    MemorySegment entry = MemorySegment.ofArray(bytes);
    PackLayout.putLong(entry, PackLayout.ENTRY_RECORD_OFFSET, offset);
    PackLayout.putInt(entry, PackLayout.ENTRY_LENGTH_OFFSET, length);
    PackLayout.putInt(entry, PackLayout.ENTRY_CLASS_OFFSET, label);
    PackLayout.putLong(entry, PackLayout.ENTRY_NAME_OFFSET, name);
    return bytes;
  }

  private static byte[] name(PackParts parts, int record) {
    return text(parts.setOf(record).path(parts.sampleOf(record)));
  }

  private static byte[] text(String text) {
    return FileNames.bytes(text);
  }

  private PackIndexWriter() {}
}
