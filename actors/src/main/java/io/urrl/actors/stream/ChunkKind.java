package io.urrl.actors.stream;

/** What the bytes of a chunk are part of. The codes are on the wire and never change. */
public enum ChunkKind {
  /** A sample's pair of views, or one evaluation picture: uint8, channel, row, column. */
  VIEWS(1),
  /** Gradient of a micro-batch, flat float32. */
  GRADIENT(2),
  /** Query encoder's parameters, flat float32. */
  PARAMETERS(3),
  /** Keys of a micro-batch: float32 [b, dim]. */
  KEYS(4),
  /** Batch-norm statistics: of each pass of a micro-batch, or the running ones. */
  STATISTICS(5),
  /** Rows of the negative queue: float32 [n, dim]. */
  QUEUE(6),
  /** Optimiser's velocity, flat float32. */
  MOMENTUM(7),
  /** Key encoder's parameters, flat float32. */
  KEY_PARAMETERS(8),
  /** What a worker says of a micro-batch: see the protocol's Result. */
  REPORT(9);

  private static final ChunkKind[] BY_CODE = byCode();

  private final short code;

  ChunkKind(int code) {
    this.code = (short) code;
  }

  /** The code on the wire. */
  public short code() {
    return code;
  }

  /** The kind of a code, or null when there is none. */
  static ChunkKind of(short code) {
    return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }

  private static ChunkKind[] byCode() {
    ChunkKind[] kinds = new ChunkKind[values().length + 1];
    for (ChunkKind kind : values()) {
      kinds[kind.code] = kind;
    }
    return kinds;
  }
}
