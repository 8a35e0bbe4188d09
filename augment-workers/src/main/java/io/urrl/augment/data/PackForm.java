package io.urrl.augment.data;

/** How a pack holds its pictures. */
public enum PackForm {
  /** Files as they were found. */
  AS_FOUND(0, "files as found"),
  /** Files as they were found, and losslessly encoded ones of pictures that were resized. */
  LOSSLESS(1, "files as found, resized ones as PNG"),
  /** Pixels, ready to use. */
  DECODED(2, "decoded pixels");

  private final int code;
  private final String title;

  PackForm(int code, String title) {
    this.code = code;
    this.title = title;
  }

  /** The form in words. */
  public String title() {
    return title;
  }

  int code() {
    return code;
  }

  static PackForm of(int code) {
    for (PackForm form : values()) {
      if (form.code == code) {
        return form;
      }
    }
    throw new DataException("a pack of form " + code + " is from a newer version; use that one");
  }
}
