package io.urrl.augment.image;

/** How a BMP stores a pixel, as far as PIL 9.4 knows it. */
enum BmpLayout {
  BIT_INDEX(1),
  NIBBLE_INDEX(4),
  BYTE_INDEX(8),

  /** With a palette of black and white: a bit a pixel, whatever the header says. */
  BLACK_AND_WHITE(1),

  /** With a palette in which each colour is its index: a byte a pixel, whatever the header says. */
  GRAY(8),

  FIVE_FIVE_FIVE(16),
  FIVE_SIX_FIVE(16),
  BLUE_GREEN_RED(24),
  BLUE_GREEN_RED_ANY(32),
  ANY_BLUE_GREEN_RED(32),
  RED_GREEN_BLUE_ANY(32);

  /** Bit fields: bits of a pixel, then the masks of red, green, blue and, of 32 bits, alpha. */
  private record Fields(long bits, long red, long green, long blue, long alpha, BmpLayout layout) {}

  private static final Fields[] FIELDS = {
    new Fields(32, 0xFF0000L, 0xFF00L, 0xFFL, 0, BLUE_GREEN_RED_ANY),
    new Fields(32, 0xFF000000L, 0xFF0000L, 0xFF00L, 0, ANY_BLUE_GREEN_RED),
    new Fields(32, 0xFF000000L, 0xFF0000L, 0xFF00L, 0xFF, ANY_BLUE_GREEN_RED),
    new Fields(32, 0xFFL, 0xFF00L, 0xFF0000L, 0xFF000000L, RED_GREEN_BLUE_ANY),
    new Fields(32, 0xFF0000L, 0xFF00L, 0xFFL, 0xFF000000L, BLUE_GREEN_RED_ANY),
    new Fields(32, 0, 0, 0, 0, BLUE_GREEN_RED_ANY),
    new Fields(24, 0xFF0000L, 0xFF00L, 0xFFL, 0, BLUE_GREEN_RED),
    new Fields(16, 0xF800L, 0x7E0L, 0x1FL, 0, FIVE_SIX_FIVE),
    new Fields(16, 0x7C00L, 0x3E0L, 0x1FL, 0, FIVE_FIVE_FIVE),
  };

  private final int bits;

  BmpLayout(int bits) {
    this.bits = bits;
  }

  /** Bits that a pixel is read from. */
  int bits() {
    return bits;
  }

  /**
   * The layout of a file without bit fields.
   *
   * @throws BrokenPictureException when PIL does not read such pixels
   */
  static BmpLayout of(int bits) throws BrokenPictureException {
    return switch (bits) {
      case 1 -> BIT_INDEX;
      case 4 -> NIBBLE_INDEX;
      case 8 -> BYTE_INDEX;
      case 16 -> FIVE_FIVE_FIVE;
      case 24 -> BLUE_GREEN_RED;
      case 32 -> BLUE_GREEN_RED_ANY;
      default -> throw new BrokenPictureException("a BMP of " + bits + " bits a pixel");
    };
  }

  /**
   * The layout of bit fields.
   *
   * @param alpha counts for 32 bits only
   * @throws BrokenPictureException when PIL does not read such pixels
   */
  static BmpLayout of(int bits, long red, long green, long blue, long alpha)
      throws BrokenPictureException {
    for (Fields known : FIELDS) {
      if (known.bits == bits
          && known.red == red
          && known.green == green
          && known.blue == blue
          && (bits < 32 || known.alpha == alpha)) {
        return known.layout;
      }
    }
    throw new BrokenPictureException(
        "BMP bit fields that cannot be decoded: %d bits, masks %x %x %x %x"
            .formatted(bits, red, green, blue, alpha));
  }
}
