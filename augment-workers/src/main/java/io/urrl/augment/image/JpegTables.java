package io.urrl.augment.image;

/** What a sequential JPEG's only scan is read with. */
final class JpegTables {
  private static final int HUFFMAN = 0xC4;
  private static final int RESTARTS = 0xDD;
  private static final int TABLES = 4;
  private static final int CODE_LENGTHS = 16;

  private final JpegCodes[] dc = new JpegCodes[TABLES];
  private final JpegCodes[] ac = new JpegCodes[TABLES];
  private JpegCodes[] unitDc;
  private JpegCodes[] unitAc;
  private int restartInterval;
  private long units;

  /**
   * Reads the tables of a file whose segments are whole.
   *
   * @param frame place of the frame's marker
   * @param scan place of the scan's marker
   * @throws BrokenPictureException when tables are missing or damaged
   */
  JpegTables(byte[] bytes, int frame, int scan) throws BrokenPictureException {
    int at = 2;
    while (at < scan) {
      int marker = bytes[at + 1] & 0xFF;
      if (bytes[at] != (byte) 0xFF || marker < 0xC0 || marker == 0xFF) {
        at++;
      } else if (marker >= 0xD0 && marker <= 0xD9) {
        at += 2;
      } else {
        int end = at + 2 + Math.max(2, unsigned(bytes, at + 2));
        if (marker == HUFFMAN) {
          readCodes(bytes, at + 4, end);
        } else if (marker == RESTARTS) {
          require(end - at == 6);
          restartInterval = unsigned(bytes, at + 4);
        }
        at = end;
      }
    }
    readUnit(bytes, frame, scan);
  }

  private void readCodes(byte[] bytes, int from, int end) throws BrokenPictureException {
    int at = from;
    while (at < end) {
      int number = bytes[at] & 0xFF;
      require(at + 1 + CODE_LENGTHS <= end && (number & 0xEF) < TABLES);
      int count = JpegCodes.count(bytes, at + 1);
      require(count <= 256 && at + 1 + CODE_LENGTHS + count <= end);
      (number < CODE_LENGTHS ? dc : ac)[number & 0xF] = new JpegCodes(bytes, at + 1, count);
      at += 1 + CODE_LENGTHS + count;
    }
  }

  /** A unit has as many blocks of each component as its sampling factors say. */
  private void readUnit(byte[] bytes, int frame, int scan) throws BrokenPictureException {
    int components = bytes[frame + 9] & 0xFF;
    require(unsigned(bytes, frame + 2) >= 8 + 3 * components);
    require(unsigned(bytes, scan + 2) >= 6 + 2 * components && bytes[scan + 4] == components);
    int across = 1;
    int down = 1;
    int blocks = 0;
    for (int i = 0; i < components; i++) {
      int factors = bytes[frame + 11 + 3 * i] & 0xFF;
      across = Math.max(across, factors >> 4);
      down = Math.max(down, factors & 15);
      blocks += components == 1 ? 1 : (factors >> 4) * (factors & 15);
    }
    require(blocks >= components);
    unitDc = new JpegCodes[blocks];
    unitAc = new JpegCodes[blocks];
    int block = 0;
    for (int i = 0; i < components; i++) {
      int part = scan + 5 + 2 * i;
      int factors = factorsOf(bytes, frame, components, bytes[part]);
      int count = components == 1 ? 1 : (factors >> 4) * (factors & 15);
      int numbers = bytes[part + 1] & 0xFF;
      require((numbers & 15) < TABLES && numbers >> 4 < TABLES && block + count <= blocks);
      require(dc[numbers >> 4] != null && ac[numbers & 15] != null);
      for (int last = block + count; block < last; block++) {
        unitDc[block] = dc[numbers >> 4];
        unitAc[block] = ac[numbers & 15];
      }
    }
    require(block == blocks);
    int width = unsigned(bytes, frame + 7);
    int height = unsigned(bytes, frame + 5);
    int unitWidth = components == 1 ? 8 : 8 * across;
    int unitHeight = components == 1 ? 8 : 8 * down;
    units = Math.ceilDiv(width, unitWidth) * (long) Math.ceilDiv(height, unitHeight);
  }

  private static int factorsOf(byte[] bytes, int frame, int components, byte identifier)
      throws BrokenPictureException {
    for (int i = 0; i < components; i++) {
      if (bytes[frame + 10 + 3 * i] == identifier) {
        return bytes[frame + 11 + 3 * i] & 0xFF;
      }
    }
    throw new BrokenPictureException("a JPEG scan of a component that is not in the frame");
  }

  /** Blocks of a unit. */
  int blocks() {
    return unitDc.length;
  }

  /** Codes of the first coefficient of a unit's block. */
  JpegCodes dc(int block) {
    return unitDc[block];
  }

  /** Codes of the other coefficients of a unit's block. */
  JpegCodes ac(int block) {
    return unitAc[block];
  }

  /** Units between two restart markers; 0: there are none. */
  int restartInterval() {
    return restartInterval;
  }

  /** Units of the scan. */
  long units() {
    return units;
  }

  private static void require(boolean right) throws BrokenPictureException {
    if (!right) {
      throw new BrokenPictureException("truncated, and the tables of the JPEG are damaged");
    }
  }

  private static int unsigned(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
  }
}
