package io.urrl.augment.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A host's own view of data sets. */
final class OpenSetsTest {
  private static final String SOURCE = "shapes:train=16,test=12";
  private static final long FINGERPRINT = PictureSets.open(SOURCE, Split.TRAIN).fingerprint();

  private final OpenSets sets = new OpenSets(source -> source.replace("there", SOURCE));

  @Test
  void aSetIsOpenedOnceWhereThisHostHasIt() {
    PictureSet set = sets.get("there", Split.TRAIN, FINGERPRINT);
    assertEquals(16, set.size());
    assertSame(set, sets.get("there", Split.TRAIN, 0));
  }

  @Test
  void otherPicturesAreRefusedWithBothFingerprints() {
    String message =
        assertThrows(
                RefusedDataException.class, () -> sets.get("there", Split.TRAIN, FINGERPRINT + 1))
            .getMessage();
    assertTrue(message.contains(Long.toHexString(FINGERPRINT)), message);
    assertTrue(message.contains(Long.toHexString(FINGERPRINT + 1)), message);
    assertTrue(message.contains("cluster.paths"), message);
  }

  @Test
  void aSetThatIsNotThereIsRefusedAndLookedForAgain() {
    for (int attempt = 1; attempt <= 2; attempt++) {
      String message =
          assertThrows(RefusedDataException.class, () -> sets.get("/nowhere", Split.TRAIN, 0))
              .getMessage();
      assertTrue(message.contains("/nowhere") && message.contains("cluster.paths"), message);
    }
  }
}
