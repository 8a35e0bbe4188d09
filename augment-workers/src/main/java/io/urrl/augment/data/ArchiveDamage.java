package io.urrl.augment.data;

/**
 * An archive cannot be walked to its end; the message says what is the matter, without its name.
 */
final class ArchiveDamage extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean archive;

  private ArchiveDamage(String text, boolean archive) {
    super(text);
    this.archive = archive;
  }

  /** A file that is no tar archive. */
  static ArchiveDamage noArchive(String text) {
    return new ArchiveDamage(text, false);
  }

  /** An archive whose members can be walked up to some place. */
  static ArchiveDamage within(String text) {
    return new ArchiveDamage(text, true);
  }

  /** Whether it is an archive up to some place. */
  boolean isArchive() {
    return archive;
  }
}
