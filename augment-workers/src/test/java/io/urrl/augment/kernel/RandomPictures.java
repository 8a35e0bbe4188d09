package io.urrl.augment.kernel;

import io.urrl.augment.image.Picture;
import java.util.Arrays;
import java.util.Random;

/** Pictures that are hard on a kernel: noise, flat areas with specks, ramps and few colours. */
final class RandomPictures {

  /** Bytes r, g, b of one picture, with noise behind the last pixel. */
  static byte[] bytes(Random random, int width, int height) {
    byte[] data = new byte[3 * width * height + Picture.SLACK];
    random.nextBytes(data);
    int kind = random.nextInt(4);
    int slope = 1 + random.nextInt(6);
    for (int i = 0; i < 3 * width * height; i++) {
      int column = i / 3 % width;
      int row = i / 3 / width;
      data[i] =
          switch (kind) {
            case 0 -> data[i];
            case 1 -> (byte) ((data[i] & 15) == 0 ? 0 : 255);
            case 2 -> (byte) ((column * slope + row * 3 + i % 3 * 50) >> 1);
            default -> (byte) (i % 3 == 0 ? 200 : (data[i] & 0xC0));
          };
    }
    return data;
  }

  /** An output that shows what was not written. */
  static byte[] target(int width, int height) {
    byte[] data = new byte[3 * width * height + Picture.SLACK];
    Arrays.fill(data, (byte) 0x5A);
    return data;
  }

  /** Without what lies behind the last pixel. */
  static byte[] meant(byte[] data) {
    return Arrays.copyOf(data, data.length - Picture.SLACK);
  }

  private RandomPictures() {}
}
