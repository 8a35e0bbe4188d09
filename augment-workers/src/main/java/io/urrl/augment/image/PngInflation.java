package io.urrl.augment.image;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Expands the rows of a PNG. Memory is taken for what is expanded, not for what the header
 * promises. Used again for the next file; for one thread.
 *
 * <p>Whether a damaged or shortened stream is taken as whole is decided as PIL 9.4 decides it,
 * which expands row by row and looks at the stream's state after each: rows that were reached count
 * whatever follows, a stream that ends behind a row leaves the other rows empty, and a wrong
 * checksum counts only where the last row shares a piece of the stream with it.
 */
final class PngInflation {
  private static final int FIRST_ROOM = 1 << 16;

  private final Inflater inflater = new Inflater();
  private byte[] rows = new byte[FIRST_ROOM];

  /** The rows of the last picture, from {@link PngLayout#begin} on. */
  byte[] rows() {
    return rows;
  }

  /**
   * Expands a picture's rows, each with its filter's number before it.
   *
   * @param stream stands at the first piece, and is left behind the last one that was needed
   * @return rows that were reached
   * @throws BrokenPictureException when the stream is damaged or ends within a row
   */
  int expand(PngStream stream, byte[] bytes, PngLayout layout) throws BrokenPictureException {
    if (atOnce(stream, bytes, layout)) {
      return layout.rows();
    }
    stream.rewind();
    inflater.reset();
    try {
      return rowByRow(stream, bytes, layout);
    } catch (DataFormatException e) {
      throw new BrokenPictureException("damaged: the compressed pixels of the PNG", e);
    }
  }

  /** Whether the stream is whole beyond doubt, and was expanded with few calls. */
  private boolean atOnce(PngStream stream, byte[] bytes, PngLayout layout) {
    inflater.reset();
    int at = layout.begin();
    try {
      while (true) {
        int count = stream.piece();
        inflater.setInput(bytes, stream.pieceAt(), count);
        while (at < layout.end() && inflater.getRemaining() > 0) {
          ensure(at + 1, layout);
          int expanded = inflater.inflate(rows, at, Math.min(rows.length, layout.end()) - at);
          if (expanded == 0 && inflater.getRemaining() > 0) {
            return false;
          }
          at += expanded;
        }
        if (at == layout.end()) {
          return inflater.finished() || inflater.getRemaining() > 0;
        }
      }
    } catch (DataFormatException | BrokenPictureException e) {
      // Row by row it is found out what this means.
      return false;
    }
  }

  private int rowByRow(PngStream stream, byte[] bytes, PngLayout layout)
      throws DataFormatException, BrokenPictureException {
    int row = 0;
    int at = layout.begin();
    int end = at + layout.rowLength(row);
    while (true) {
      int count = stream.piece();
      inflater.setInput(bytes, stream.pieceAt(), count);
      while (inflater.getRemaining() > 0) {
        ensure(end, layout);
        at += inflater.inflate(rows, at, end - at);
        if (at < end) {
          break;
        }
        row++;
        if (row == layout.rows() || inflater.finished()) {
          return row;
        }
        end += layout.rowLength(row);
      }
    }
  }

  private void ensure(int length, PngLayout layout) {
    if (rows.length < length) {
      int more = (int) Math.min(2L * rows.length, layout.end());
      rows = Arrays.copyOf(rows, Math.max(length, more));
    }
  }
}
