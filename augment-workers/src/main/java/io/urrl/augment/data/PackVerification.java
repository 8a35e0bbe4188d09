package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.zip.CRC32C;

/** Reads all records of a pack and holds them against their checksums. */
public final class PackVerification {

  /**
   * What was found.
   *
   * @param records records that were read
   * @param damaged records whose checksum is wrong
   * @param broken records of pictures that could not be read when they were packed
   */
  public record Report(int records, int damaged, int broken) {}

  /**
   * Reads a pack whose header and index are whole.
   *
   * @param damage hears of each damaged record
   * @param progress hears how many records were read
   */
  public static Report verify(PackFile pack, Consumer<String> damage, IntConsumer progress) {
    int records = pack.header().records();
    byte[] header = new byte[PackLayout.RECORD_HEADER_LENGTH];
    FileBytes payload = new FileBytes();
    CRC32C checksum = new CRC32C();
    int damaged = 0;
    int broken = 0;
    for (int record = 0; record < records; record++) {
      try {
        pack.copyHeader(record, header);
        byte[] bytes = payload.ofSize(pack.length(record));
        pack.copyPayload(record, header, bytes, checksum);
        int kind = PackLayout.getInt(MemorySegment.ofArray(header), PackLayout.KIND_OFFSET);
        broken += kind == PackLayout.BROKEN ? 1 : 0;
      } catch (BrokenPictureException | DataException e) {
        damaged++;
        damage.accept(FileNames.shown(pack.name(record)) + ": " + e.getMessage());
      }
      progress.accept(record + 1);
    }
    return new Report(records, damaged, broken);
  }

  private PackVerification() {}
}
