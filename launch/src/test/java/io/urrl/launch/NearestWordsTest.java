package io.urrl.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NearestWordsTest {

  @Test
  void distanceCountsSlips() {
    assertEquals(0, NearestWords.distance("epochs", "epochs"));
    assertEquals(1, NearestWords.distance("epochs", "epohcs"));
    assertEquals(3, NearestWords.distance("kitten", "sitting"));
    assertEquals(4, NearestWords.distance("", "seed"));
    assertEquals(1, NearestWords.distance("trian", "train"));
  }

  @Test
  void onlyWhatIsNearIsMeant() {
    List<String> known = List.of("--epochs", "--batch", "--seed");
    assertEquals(Optional.of("--epochs"), NearestWords.of("--epohcs", known));
    assertEquals(Optional.of("--batch"), NearestWords.of("--bacth", known));
    assertEquals(Optional.empty(), NearestWords.of("--colour", known));
  }
}
