package io.urrl.launch.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Breaks a caption into lines that stay within a width, so that neighbours do not overlap. */
final class CaptionLines {
  private static final String MORE = "…";

  private CaptionLines() {}

  /**
   * Lines of a text, broken after a space or a {@code +}, within a word only where it is wider than
   * a line. What is left after the last line is told by an ellipsis.
   *
   * @param width widest line, in the unit of {@code measure}
   * @param most most lines, at least 1
   * @param measure width of a text
   */
  static List<String> of(String text, int width, int most, ToIntFunction<String> measure) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.split("(?<=[ +])", -1)) {
      if (!line.isEmpty() && measure.applyAsInt((line + word).stripTrailing()) > width) {
        lines.add(line.stripTrailing());
        line = "";
      }
      line += word;
      while (line.length() > 1 && measure.applyAsInt(line.stripTrailing()) > width) {
        int fitting = fitting(line, "", width, measure);
        lines.add(line.substring(0, fitting));
        line = line.substring(fitting);
      }
    }
    lines.add(line.stripTrailing());
    if (lines.size() <= most) {
      return lines;
    }
    String last = lines.get(most - 1);
    List<String> kept = new ArrayList<>(lines.subList(0, most - 1));
    kept.add(last.substring(0, fitting(last, MORE, width, measure)) + MORE);
    return kept;
  }

  /** How many characters fit into a line before a tail, at least 1. */
  private static int fitting(String text, String tail, int width, ToIntFunction<String> measure) {
    int count = text.length();
    while (count > 1 && measure.applyAsInt(text.substring(0, count) + tail) > width) {
      count--;
    }
    return count;
  }
}
