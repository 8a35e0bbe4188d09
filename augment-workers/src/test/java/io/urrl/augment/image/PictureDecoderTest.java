package io.urrl.augment.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of all kinds against what {@code convert("RGB")} of PIL 9.4 with libjpeg-turbo 2.1.5 and
 * libwebp 1.2.4 gives; for animations and JPEG headers that lie PIL 11.3, which gives the same for
 * every other WebP and JPEG here. The files were drawn and encoded for this; {@code expected.json}
 * has the size and CRC-32 of the pixels of each, or that it is broken. Another folder of that form
 * can be checked with {@code -Durrl.decode.fixtures=DIR}.
 */
class PictureDecoderTest {
  private static final String BROKEN = "broken";

  private static final String USUAL = "decode";

  /** Damaged and unusual files, three of each kind that PIL reads and three that it refuses. */
  private static final String ODD = "odd-pictures";

  private final Path folder = folder(USUAL);

  private static Path folder(String files) {
    String resources = "src/test/resources";
    return files.equals(USUAL)
        ? Path.of(System.getProperty("urrl.decode.fixtures", resources + "/" + files))
        : Path.of(resources, files);
  }

  @ParameterizedTest
  @ValueSource(strings = {USUAL, ODD})
  void theBundledPartGivesPilsPixels(String files) throws Exception {
    check(new PictureDecoder(PixelLimit.STANDARD, new BundledJpeg()), folder(files));
  }

  @ParameterizedTest
  @ValueSource(strings = {USUAL, ODD})
  void theSystemsTurboJpegGivesPilsPixels(String files) throws Exception {
    assumeTrue(TurboJpeg.available(), "libturbojpeg is not installed");
    check(new PictureDecoder(PixelLimit.STANDARD, new TurboJpeg()), folder(files));
  }

  /** The files that a size in a header would take memory for, and that are not as long. */
  @Test
  void aHeaderThatLiesTakesNoMemory() throws Exception {
    byte[] png = Files.readAllBytes(folder(USUAL).resolve("png_2_8_plain.png"));
    ByteBuffer.wrap(png).putInt(16, 13_000).putInt(20, 13_000);
    CRC32 checksum = new CRC32();
    checksum.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) checksum.getValue());
    byte[] runs = Files.readAllBytes(folder(USUAL).resolve("bmp_rle8.bmp"));
    ByteBuffer.wrap(runs).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 13_000).putInt(22, 13_000);
    byte[] jpeg = Files.readAllBytes(folder(USUAL).resolve("a_q75_420.jpg"));
    int frame = 2;
    while ((jpeg[frame + 1] & 0xFF) != 0xC0) {
      frame += 2 + ByteBuffer.wrap(jpeg).getShort(frame + 2);
    }
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 13_000).putShort(frame + 7, (short) 13_000);
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    PictureDecoder decoder = new PictureDecoder();
    for (byte[] file : List.of(png, runs, jpeg)) {
      long before = thread.getCurrentThreadAllocatedBytes();
      assertThrows(
          BrokenPictureException.class, () -> decoder.decode(file, file.length, new Picture()));
      long taken = thread.getCurrentThreadAllocatedBytes() - before;
      assertTrue(taken < 8 << 20, () -> taken + " bytes");
    }
  }

  @Test
  void whateverADecoderThrowsIsABrokenPicture() throws Exception {
    byte[] bytes = Files.readAllBytes(folder(USUAL).resolve("a_q75_420.jpg"));
    for (Throwable thrown :
        List.of(new ArithmeticException(), new StackOverflowError(), new OutOfMemoryError())) {
      JpegCodec codec =
          (_, _, _, _) -> {
            switch (thrown) {
              case Error e -> throw e;
              case RuntimeException e -> throw e;
              default -> throw new IllegalStateException(thrown);
            }
          };
      PictureDecoder decoder = new PictureDecoder(PixelLimit.STANDARD, codec);
      BrokenPictureException broken =
          assertThrows(
              BrokenPictureException.class,
              () -> decoder.decode(bytes, bytes.length, new Picture()));
      assertEquals(thrown, broken.getCause());
      assertFalse(broken.getMessage().contains("null"), broken::getMessage);
    }
  }

  @Test
  void aHeaderAboveTheLimitIsRefusedBeforeMemoryIsTaken() throws Exception {
    byte[] bytes = Files.readAllBytes(folder.resolve("a_q75_420.jpg"));
    PictureDecoder decoder = new PictureDecoder(new PixelLimit(67 * 45 - 1));
    BrokenPictureException refused =
        assertThrows(
            BrokenPictureException.class, () -> decoder.decode(bytes, bytes.length, new Picture()));
    assertEquals("67 x 45 pixels are more than the limit of 3014", refused.getMessage());
    new PictureDecoder(new PixelLimit(67 * 45)).decode(bytes, bytes.length, new Picture());
  }

  @Test
  void aJpegOfEndlessScansIsRefused() throws Exception {
    byte[] one = Files.readAllBytes(folder.resolve("a_prog.jpg"));
    int scan = 2;
    while ((one[scan + 1] & 0xFF) != 0xDA) {
      scan += 2 + ((one[scan + 2] & 0xFF) << 8 | (one[scan + 3] & 0xFF));
    }
    byte[] header = Arrays.copyOf(one, scan);
    byte[] scans = Arrays.copyOfRange(one, scan, one.length - 2);
    byte[] many = Arrays.copyOf(header, header.length + 100 * scans.length + 2);
    many[many.length - 2] = (byte) 0xFF;
    many[many.length - 1] = (byte) 0xD9;
    for (int i = 0; i < 100; i++) {
      System.arraycopy(scans, 0, many, header.length + i * scans.length, scans.length);
    }
    BrokenPictureException refused =
        assertThrows(
            BrokenPictureException.class,
            () -> new PictureDecoder().decode(many, many.length, new Picture()));
    assertEquals("the JPEG has more than 500 scans", refused.getMessage());
  }

  @Test
  void jpegIsDecodedWithoutMemoryThatGrowsWithThePicture() throws Exception {
    byte[] bytes = Files.readAllBytes(folder.resolve("a_q75_420.jpg"));
    PictureDecoder decoder = new PictureDecoder();
    Picture picture = new Picture();
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int repeats = 2_000;
    long before = 0;
    for (int i = 0; i < 2 * repeats; i++) {
      if (i == repeats) {
        before = thread.getCurrentThreadAllocatedBytes();
      }
      decoder.decode(bytes, bytes.length, picture);
    }
    long each = (thread.getCurrentThreadAllocatedBytes() - before) / repeats;
    assertTrue(each < bytes.length / 2, () -> each + " bytes a picture");
  }

  private static void check(PictureDecoder decoder, Path folder) throws IOException {
    JsonNode expected = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
    List<String> wrong = new ArrayList<>();
    Picture picture = new Picture();
    for (Map.Entry<String, JsonNode> one : expected.properties()) {
      byte[] bytes = Files.readAllBytes(folder.resolve(one.getKey()));
      String found = decoded(decoder, bytes, picture);
      JsonNode wanted = one.getValue();
      boolean right =
          wanted.has(BROKEN)
              ? found.startsWith(BROKEN)
              : found.equals(
                  "%d x %d, %08x"
                      .formatted(
                          wanted.get("width").asInt(),
                          wanted.get("height").asInt(),
                          wanted.get("crc32").asLong()));
      if (!right) {
        wrong.add("%s: %s instead of %s".formatted(one.getKey(), found, wanted));
      }
    }
    assertTrue(expected.size() > 100);
    assertEquals(List.of(), wrong, () -> String.join(System.lineSeparator(), wrong));
  }

  private static String decoded(PictureDecoder decoder, byte[] bytes, Picture picture) {
    try {
      // The decoder must not look behind the length.
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 100);
      decoder.decode(longer, bytes.length, picture);
      CRC32 checksum = new CRC32();
      checksum.update(picture.data(), 0, picture.length());
      return "%d x %d, %08x".formatted(picture.width(), picture.height(), checksum.getValue());
    } catch (BrokenPictureException e) {
      return BROKEN + ": " + e.getMessage();
    }
  }
}
