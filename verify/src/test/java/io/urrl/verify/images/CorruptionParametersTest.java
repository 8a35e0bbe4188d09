package io.urrl.verify.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.random.Philox;
import io.urrl.augment.corrupt.Corruption;
import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.corrupt.CorruptionTable;
import io.urrl.augment.corrupt.Corruptions;
import io.urrl.augment.corrupt.FrostTextures;
import io.urrl.augment.corrupt.Scratch;
import io.urrl.augment.image.Picture;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables against the published parameters: equal parameters give equal bytes. */
final class CorruptionParametersTest {
  private static final Path PUBLISHED =
      Path.of("../augment-workers/src/test/resources/golden/corrupt/parameters.json");
  private static final int SIDE = 40;

  private final Scratch scratch = new Scratch();

  @ParameterizedTest
  @EnumSource
  void areThePublishedOnes(CorruptionTable table) throws Exception {
    JsonNode published =
        new ObjectMapper().readTree(PUBLISHED.toFile()).get(table.name().toLowerCase(Locale.ROOT));
    FrostTextures ice = FrostTextures.drawn();
    Corruptions ours = Corruptions.of(table, ice);
    FrostTextures used = table == CorruptionTable.CIFAR ? ice.reduced() : ice;
    for (CorruptionKind kind : CorruptionKind.values()) {
      for (int severity = 1; severity <= CorruptionKind.SEVERITIES; severity++) {
        JsonNode parameters = published.get(kind.publishedName()).get(severity - 1);
        Corruption theirs =
            CorruptionCases.of(kind.publishedName(), parameters, used).orElseThrow();
        assertArrayEquals(
            corrupted(theirs), corrupted(ours.get(kind, severity)), kind + " " + severity);
      }
    }
  }

  private byte[] corrupted(Corruption corruption) {
    Picture picture = new Picture();
    byte[] data = picture.resize(SIDE, SIDE);
    Philox random = new Philox(3);
    for (int i = 0; i < picture.length(); i++) {
      data[i] = (byte) (i / SIDE + random.nextInt(100));
    }
    corruption.corrupt(picture, random, scratch);
    return Arrays.copyOf(picture.data(), picture.length());
  }
}
