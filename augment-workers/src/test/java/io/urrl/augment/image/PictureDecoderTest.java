package io.urrl.augment.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * Files of all kinds against what {@code convert("RGB")} of PIL 9.4 with libjpeg-turbo 2.1.5 and
 * libwebp 1.2.4 gives. The files were drawn and encoded for this; {@code expected.json} has the
 * size and CRC-32 of the pixels of each, or that it is broken. Another folder of that form can be
 * checked with {@code -Durrl.decode.fixtures=DIR}.
 */
class PictureDecoderTest {
  private static final String BROKEN = "broken";

  private final Path folder =
      Path.of(System.getProperty("urrl.decode.fixtures", "src/test/resources/decode"));

  @Test
  void theBundledPartGivesPilsPixels() throws Exception {
    check(new PictureDecoder(PixelLimit.STANDARD, new BundledJpeg()));
  }

  @Test
  void theSystemsTurboJpegGivesPilsPixels() throws Exception {
    assumeTrue(TurboJpeg.available(), "libturbojpeg is not installed");
    check(new PictureDecoder(PixelLimit.STANDARD, new TurboJpeg()));
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
    byte[] scans = Arrays.copyOfRange(one, scan, one.length);
    byte[] many = Arrays.copyOf(header, header.length + 100 * scans.length);
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

  private void check(PictureDecoder decoder) throws IOException {
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
