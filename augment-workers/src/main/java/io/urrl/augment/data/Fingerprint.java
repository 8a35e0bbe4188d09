package io.urrl.augment.data;

/**
 * FNV-1a over 64 bits: one number for a list of texts and numbers, the same on every machine. It
 * notices that a data set was exchanged; it is no protection against intent.
 */
final class Fingerprint {
  private static final long BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private long hash = BASIS;

  /** Takes a text in, with its length, so that texts side by side cannot run into each other. */
  Fingerprint add(String text) {
    add(text.length());
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return this;
  }

  /** Takes a number in. */
  Fingerprint add(long number) {
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      hash = (hash ^ (number >>> shift & 0xFF)) * PRIME;
    }
    return this;
  }

  long value() {
    return hash;
  }
}
