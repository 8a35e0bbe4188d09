package io.urrl.actors.plan;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Identity of a sequence of samples in four bytes, for the audit that each trained exactly once.
 */
public final class SampleDigest {

  /** CRC32C over (epoch, sample) of every draw in order, big endian. */
  public static int of(SampleDraw[] draws) {
    ByteBuffer bytes = ByteBuffer.allocate(draws.length * 2 * Integer.BYTES);
    for (SampleDraw draw : draws) {
      bytes.putInt(draw.epoch()).putInt(draw.sample());
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.flip());
    return (int) crc.getValue();
  }

  private SampleDigest() {}
}
