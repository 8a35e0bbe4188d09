package io.urrl.augment.data;

import io.urrl.augment.image.Picture;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A picture on its way into a pack. */
public final class PackRecord {
  private final int kind;
  private final int width;
  private final int height;
  private final byte[] payload;

  private PackRecord(int kind, int width, int height, byte[] payload) {
    this.kind = kind;
    this.width = width;
    this.height = height;
    this.payload = payload;
  }

  /** An encoded file. */
  public static PackRecord encoded(byte[] file) {
    return new PackRecord(PackLayout.ENCODED, 0, 0, file);
  }

  /** Pixels; copies them. */
  public static PackRecord pixels(Picture picture) {
    return new PackRecord(
        PackLayout.PIXELS,
        picture.width(),
        picture.height(),
        Arrays.copyOf(picture.data(), picture.length()));
  }

  /** The reason why there is no picture. */
  public static PackRecord broken(String reason) {
    return new PackRecord(PackLayout.BROKEN, 0, 0, reason.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether there is no picture. */
  public boolean isBroken() {
    return kind == PackLayout.BROKEN;
  }

  /** One of {@link PackLayout}'s kinds. */
  int kind() {
    return kind;
  }

  /** Columns of pixels, 0 for other kinds. */
  int width() {
    return width;
  }

  /** Rows of pixels, 0 for other kinds. */
  int height() {
    return height;
  }

  /** What is stored, not a copy of it. */
  byte[] payload() {
    return payload;
  }
}
