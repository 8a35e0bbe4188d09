package io.urrl.augment.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The records of a pax extended header, each {@code "LENGTH KEY=VALUE\n"}: what stands before a
 * member for it, where its own header has no room.
 */
final class PaxRecords {
  private static final String SPARSE = "GNU.sparse.";
  private static final int MOST_DIGITS = 9;

  private final Map<String, String> values = new HashMap<>();

  /**
   * Takes the records of a header.
   *
   * @return whether they are well formed
   */
  boolean read(byte[] bytes) {
    int from = 0;
    while (from < bytes.length && bytes[from] != 0) {
      int space = find(bytes, ' ', from, Math.min(bytes.length, from + MOST_DIGITS + 1));
      String digits =
          space < 0 ? "" : new String(bytes, from, space - from, StandardCharsets.US_ASCII);
      if (!digits.matches("[0-9]{1,9}")) {
        return false;
      }
      int end = from + Integer.parseInt(digits);
      int equals = end > bytes.length ? -1 : find(bytes, '=', space, end);
      if (equals < 0 || bytes[end - 1] != '\n') {
        return false;
      }
      String key = new String(bytes, space + 1, equals - space - 1, StandardCharsets.UTF_8);
      values.put(key, FileNames.text(Arrays.copyOfRange(bytes, equals + 1, end - 1)));
      from = end;
    }
    return values.getOrDefault("size", "0").matches("[0-9]{1,18}");
  }

  private static int find(byte[] bytes, char wanted, int from, int end) {
    for (int i = from; i < end; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** The member's name, or {@code otherwise}. */
  String name(String otherwise) {
    return values.getOrDefault(SPARSE + "name", values.getOrDefault("path", otherwise));
  }

  /** Where the member links to, or {@code otherwise}. */
  String link(String otherwise) {
    return values.getOrDefault("linkpath", otherwise);
  }

  /** Bytes of the member's content, or {@code otherwise}. */
  long size(long otherwise) {
    String size = values.get("size");
    return size == null ? otherwise : Long.parseLong(size);
  }

  /** Whether the content has holes that are not stored. */
  boolean isSparse() {
    return values.keySet().stream().anyMatch(key -> key.startsWith(SPARSE));
  }

  void clear() {
    values.clear();
  }
}
