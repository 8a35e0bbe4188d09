package io.urrl.launch.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PngFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Which pictures of which data sets are corrupted. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
final class CorruptCommandTest {
  private static final int RECORD = 512;

  @TempDir private Path place;
  private Path data;

  @BeforeEach
  void drawPictures() throws IOException {
    data = place.resolve("data");
    for (String name : List.of("train/cat/1.png", "train/dog/2.png")) {
      draw(data.resolve(name));
    }
  }

  private static void draw(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, png());
  }

  private static byte[] png() {
    Picture picture = new Picture();
    picture.resize(8, 8);
    return PngFile.of(picture);
  }

  private static String run(int code, String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(captured);
      System.setErr(captured);
      int found = Main.run(arguments);
      String text = bytes.toString(StandardCharsets.UTF_8);
      assertEquals(code, found, text);
      return text;
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private String corrupt(int code, String source) {
    return run(
        code,
        "corrupt",
        "--data=" + source,
        "--out=" + place.resolve("out"),
        "--corruption=brightness",
        "--severity=1",
        "--table=cifar");
  }

  private Set<String> written() throws IOException {
    Path folder = place.resolve("out/brightness/1");
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .collect(Collectors.toSet());
    }
  }

  private void requireAll(String source, String... names) throws IOException {
    String said = corrupt(0, source);
    assertTrue(said.contains(source + " has no test pictures; all its 2 pictures are taken"), said);
    assertEquals(Set.of(names), written());
  }

  @Test
  void testPicturesAreTakenWhereThereAreSome() throws IOException {
    draw(data.resolve("val/dog/3.png"));
    assertTrue(!corrupt(0, data.toString()).contains("no test pictures"));
    assertEquals(Set.of("dog/3.JPEG"), written());
  }

  @Test
  void aDirectoryOfTrainingPicturesIsTakenWhole() throws IOException {
    requireAll(data.toString(), "cat/1.JPEG", "dog/2.JPEG");
  }

  @Test
  void classFoldersAreTakenWhole() throws IOException {
    requireAll(data.resolve("train").toString(), "cat/1.JPEG", "dog/2.JPEG");
  }

  @Test
  void aPackOfTrainingPicturesIsTakenWhole() throws IOException {
    String pack = place.resolve("data.urrl").toString();
    run(0, "data", "pack", data.toString(), "--out=" + pack);
    requireAll(pack, "cat/1.JPEG", "dog/2.JPEG");
  }

  @Test
  void aShardOfTrainingPicturesIsTakenWhole() throws IOException {
    Path shard = place.resolve("some.tar");
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (int number = 0; number < 2; number++) {
      member(members, number + ".png", png());
      member(members, number + ".cls", Integer.toString(number).getBytes(StandardCharsets.UTF_8));
    }
    members.writeBytes(new byte[2 * RECORD]);
    Files.write(shard, members.toByteArray());
    requireAll(shard.toString(), "0/some.tar:0.JPEG", "1/some.tar:1.JPEG");
  }

  private static void member(ByteArrayOutputStream into, String name, byte[] content) {
    byte[] header = new byte[RECORD];
    put(header, 0, name);
    put(header, 124, "%011o".formatted(content.length));
    put(header, 148, "        0");
    put(header, 257, "ustar");
    int sum = 0;
    for (byte one : header) {
      sum += one;
    }
    put(header, 148, "%06o\0".formatted(sum));
    into.writeBytes(header);
    into.writeBytes(Arrays.copyOf(content, Math.ceilDiv(content.length, RECORD) * RECORD));
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  @Test
  void whatIsNoDataSetIsNamedWithTheRemedy() {
    String none = place.resolve("none").toString();
    assertTrue(corrupt(1, none).contains(none + " does not exist; give an existing one"));
    String compressed = place.resolve("some.tar.gz").toString();
    assertTrue(corrupt(1, compressed).contains("unpack it to .tar"));
  }
}
