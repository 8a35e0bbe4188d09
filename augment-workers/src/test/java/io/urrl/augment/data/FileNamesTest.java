package io.urrl.augment.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileNamesTest {
  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void validNamesAreThemselves() {
    for (String name : new String[] {"a.jpg", "é.jpg", "日本", "🐈.png", "a b%20c?#", "\uFFFD"}) {
      assertEquals(name, FileNames.text(name.getBytes(StandardCharsets.UTF_8)));
      assertEquals(name, FileNames.shown(name));
      assertArrayEquals(name.getBytes(StandardCharsets.UTF_8), FileNames.bytes(name));
    }
  }

  @Test
  void everySequenceOfBytesHasItsOwnText() {
    Set<String> texts = new HashSet<>();
    for (int one = 0; one < 256; one++) {
      for (int two = 0; two < 256; two++) {
        byte[] bytes = {'x', (byte) one, (byte) two, 'y'};
        String text = FileNames.text(bytes);
        assertArrayEquals(bytes, FileNames.bytes(text));
        assertTrue(texts.add(text));
      }
    }
    // The bytes of a character that stands for a byte are taken one by one, so that both differ.
    byte[] real = "\uF7E9".getBytes(StandardCharsets.UTF_8);
    assertArrayEquals(real, FileNames.bytes(FileNames.text(real)));
    assertEquals("\\xEF\\x9F\\xA9", FileNames.shown(FileNames.text(real)));
    assertEquals("caf\\xE9.jpg", FileNames.shown(FileNames.text(latin1("café.jpg"))));
    byte[] cut = {'a', (byte) 0xF0, (byte) 0x9F, (byte) 0x90};
    assertArrayEquals(cut, FileNames.bytes(FileNames.text(cut)));
  }

  @Test
  void pathsGoToTheirTextsAndBack(@TempDir Path folder) throws Exception {
    String[] names = {
      "plain", "é", "a b%20?#[]", "日本", FileNames.text(latin1("é")), FileNames.text(latin1("éé/ü"))
    };
    for (String name : names) {
      Path path = FileNames.resolve(folder, name);
      Files.createDirectories(path.getParent());
      Files.writeString(path, name);
      assertEquals(folder + "/" + name, FileNames.text(path));
      assertEquals(path, FileNames.path(FileNames.text(path)));
      Path relative = folder.relativize(path);
      assertEquals(name, FileNames.text(relative));
      assertEquals(relative, FileNames.path(name));
      assertEquals(
          name + ".part", FileNames.text(folder.relativize(FileNames.beside(path, ".part"))));
    }
    Set<String> listed = new HashSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(entry -> listed.add(FileNames.name(entry)));
    }
    assertEquals(
        Set.of("plain", "é", "a b%20?#[]", "日本", names[4], FileNames.text(latin1("éé"))), listed);
  }
}
