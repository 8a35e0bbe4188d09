package io.urrl.actors.stream;

/** What the bytes of a chunk are part of. The codes are on the wire and never change. */
public enum ChunkKind {
  /** See {@link ChunkId.Views}. */
  VIEWS(1),
  /** See {@link ChunkId.Result}. */
  RESULT(2),
  /** See {@link ChunkId.State}. */
  STATE(3);

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
