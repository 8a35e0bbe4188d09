package io.urrl.actors.stream;

import org.agrona.DirectBuffer;

/** Takes chunks as they come in, on the node's receive thread. */
public interface ChunkHandler {

  /**
   * Takes one whole chunk, of whatever run, whose checksum is right. Header and buffer are valid
   * during the call only.
   *
   * @param payload where the payload begins in {@code buffer}
   */
  void onChunk(ChunkHeader header, DirectBuffer buffer, int payload);
}
