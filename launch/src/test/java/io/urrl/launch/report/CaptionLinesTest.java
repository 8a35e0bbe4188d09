package io.urrl.launch.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CaptionLinesTest {

  private static List<String> lines(String text, int width, int most) {
    return CaptionLines.of(text, width, most, String::length);
  }

  @Test
  void breaksBetweenWordsAndAfterAPlus() {
    assertEquals(
        List.of("T_rob flip", "rotate+", "posterize", "| shear_x"),
        lines("T_rob flip rotate+posterize | shear_x", 10, 9));
  }

  @Test
  void fillsALineToItsWidth() {
    assertEquals(List.of("ab cd", "ef"), lines("ab cd ef", 5, 9));
    assertEquals(List.of("ab", "cd", "ef"), lines("ab cd ef", 4, 9));
  }

  @Test
  void cutsAWordThatIsWiderThanALine() {
    assertEquals(List.of("n016", "2277", "9.jp", "g"), lines("n01622779.jpg", 4, 9));
  }

  @Test
  void saysWhereTextIsLeftOut() {
    assertEquals(List.of("ab cd", "ef g…"), lines("ab cd ef gh ij", 5, 2));
    assertEquals(List.of("ab cd", "ef gh"), lines("ab cd ef gh", 5, 2));
  }

  @Test
  void anEmptyTextIsAnEmptyLine() {
    assertEquals(List.of(""), lines("", 5, 2));
  }
}
