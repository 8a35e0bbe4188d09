package io.urrl.augment.data;

/**
 * An archive cannot be walked to its end; the message says what is the matter, without its name.
 */
final class ArchiveDamage extends Exception {
  private static final long serialVersionUID = 1;

  ArchiveDamage(String text) {
    super(text);
  }
}
