package io.urrl.augment.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.corrupt.CorruptionTable;
import io.urrl.augment.corrupt.Corruptions;
import io.urrl.augment.corrupt.Corruptor;
import io.urrl.augment.corrupt.FrostTextures;
import io.urrl.augment.image.Picture;
import io.urrl.augment.transform.Operations;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chains as people write them. */
final class OperationChainTest {
  private static final Corruptions CORRUPTIONS =
      Corruptions.of(CorruptionTable.CIFAR, FrostTextures.drawn());

  private static Picture gradient() {
    Picture picture = new Picture();
    byte[] data = picture.resize(40, 30);
    for (int i = 0; i < picture.length(); i++) {
      data[i] = (byte) (20 + (i / 11 + 60 * (i % 3)) % 180);
    }
    return picture;
  }

  private static byte[] bytes(Picture picture) {
    return Arrays.copyOf(picture.data(), picture.length());
  }

  @Test
  void linksApplyInOrder() {
    Picture found = gradient();
    OperationChain.parse("rotate:12.5, posterize:3,corrupt_contrast:2,enhance_contrast:1.5")
        .apply(found, () -> CORRUPTIONS, 5);
    Picture expected = gradient();
    Operations operations = new Operations();
    operations.rotate(expected, 12.5);
    operations.posterize(expected, 3);
    new Corruptor(CORRUPTIONS, 5).corrupt(expected, 2, CorruptionKind.CONTRAST, 2);
    operations.contrast(expected, 1.5);
    assertArrayEquals(bytes(expected), bytes(found));
  }

  /** Every known operation, written as its usage says with plausible numbers, changes a picture. */
  @Test
  void everyKnownOperationApplies() {
    for (String usage : OperationChain.known()) {
      String link =
          usage
              .replace("TOP:LEFT:HEIGHT:WIDTH:SIDE", "3:4:20:21:16")
              .replace("SHORTER:SIDE", "36:32")
              .replace("HEIGHT:WIDTH", "20:24")
              .replace("SEVERITY", "4")
              .replace("THRESHOLD", "100")
              .replace("TURN", "0.2")
              .replaceAll("[A-Z]+", "2");
      Picture picture = gradient();
      OperationChain.parse(link).apply(picture, () -> CORRUPTIONS, 1);
      assertTrue(!Arrays.equals(bytes(gradient()), bytes(picture)), link + " changes nothing");
    }
    assertEquals(35, OperationChain.known().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rotat:3 | operation rotat is unknown; known are autocontrast, ",
        "rotate | rotate must be written as rotate:DEGREES",
        "rotate:x | \"x\" in rotate:x is not a number",
        "posterize:9 | BITS of posterize must be a whole number from 1",
        "fog:6 | severity of fog must be a whole number from 1 to 5",
        "fog:2.5 | severity of fog must be a whole number from 1 to 5",
        "flip,,flip | operation \"\" is unknown",
        "resize:0:5 | HEIGHT of resize must be a whole number from 1"
      })
  void errorsSayWhatIsWrong(String chain, String text) {
    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> OperationChain.parse(chain));
    assertTrue(failure.getMessage().startsWith(text), failure.getMessage());
  }

  @Test
  void aBoxOutsideOfThePictureIsRefused() {
    OperationChain chain = OperationChain.parse("resized_crop:20:0:11:5:8");
    assertThrows(
        IllegalArgumentException.class, () -> chain.apply(gradient(), () -> CORRUPTIONS, 1));
  }
}
