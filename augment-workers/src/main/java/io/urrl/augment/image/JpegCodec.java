package io.urrl.augment.image;

/**
 * A JPEG decoder: libjpeg's default decoding, which is PIL's (accurate integer DCT, smooth chroma
 * upsampling, no orientation). Keeps scratch memory: one thread at a time.
 */
interface JpegCodec {

  /**
   * Decodes a whole file.
   *
   * @param structure what its markers say
   * @throws BrokenPictureException when the stream cannot be decoded
   */
  void decode(byte[] bytes, int length, JpegStructure structure, Picture into)
      throws BrokenPictureException;

  /** The system's TurboJPEG where it is installed, else the bundled part. */
  static JpegCodec best() {
    return TurboJpeg.available() ? new TurboJpeg() : new BundledJpeg();
  }
}
