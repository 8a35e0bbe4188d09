package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;

/** What a thread needs to read encoded pictures: a decoder and room for a file. */
final class Reader {
  private final PictureDecoder decoder = new PictureDecoder();
  private final FileBytes file = new FileBytes();

  /** Room for the next picture's file. */
  FileBytes file() {
    return file;
  }

  /** Decodes the first {@code length} bytes of the room. */
  void decode(int length, Picture into) throws BrokenPictureException {
    decoder.decode(file.bytes(), length, into);
  }
}
