package io.urrl.augment.corrupt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random corruptions with our own draws against moments of the published generator's. */
final class CorruptionStatisticsTest {
  /** Standard errors that a mean may be off; a thousand means are compared. */
  private static final double MOST_ERRORS = 5;

  @ParameterizedTest
  @CsvSource({"IMAGENET, in/photo224.png, 3", "CIFAR, in/tiny_a.png, 20"})
  void areThePublishedGenerators(CorruptionTable table, String name, int runs) throws Exception {
    JsonNode gold =
        new ObjectMapper().readTree(getClass().getResource("/golden/corrupt/statistics.json"));
    JsonNode kinds = gold.get("sets").get(table.name().toLowerCase(Locale.ROOT)).get(name);
    int goldRuns = gold.get("seeds").asInt();
    Picture clean = read(name);
    FrostTextures ice = new FrostTextures(List.of(read("in/frost_texture.png")));
    Corruptions corruptions = Corruptions.of(table, ice);
    Corruptor corruptor = new Corruptor(corruptions, 20);
    int compared = 0;
    for (CorruptionKind kind : CorruptionKind.values()) {
      for (JsonNode level : kinds.path(kind.publishedName())) {
        int severity = level.get("severity").asInt();
        double[] means = new double[8];
        for (int run = 0; run < runs; run++) {
          Picture picture = new Picture();
          picture.copyFrom(clean);
          corruptor.corrupt(picture, run, kind, severity);
          double[] moments = moments(clean, picture);
          for (int i = 0; i < means.length; i++) {
            means[i] += moments[i] / runs;
          }
        }
        double unit = Math.sqrt(1.0 / runs + 1.0 / goldRuns);
        for (int i = 0; i < means.length; i++) {
          JsonNode expected = moment(level, i);
          double gap = Math.abs(means[i] - expected.get("mean").asDouble());
          double allowed = MOST_ERRORS * expected.get("std").asDouble() * unit;
          String text = "%s %d, moment %d: off by %f".formatted(kind, severity, i, gap);
          assertTrue(gap <= allowed + 1e-4, text + ", allowed " + allowed);
          compared++;
        }
      }
    }
    assertEquals(9 * CorruptionKind.SEVERITIES * 8, compared);
  }

  private static JsonNode moment(JsonNode level, int i) {
    return switch (i) {
      case 0 -> level.get("mean_abs_difference");
      case 1 -> level.get("mse");
      case 2, 3, 4 -> level.get("channel_mean").get(i - 2);
      default -> level.get("channel_std").get(i - 5);
    };
  }

  /** Mean absolute difference, mean squared difference, means and deviations of the channels. */
  private static double[] moments(Picture clean, Picture corrupted) {
    double[] sums = new double[8];
    int pixels = clean.width() * clean.height();
    for (int i = 0; i < clean.length(); i++) {
      double value = corrupted.data()[i] & 0xFF;
      double difference = value - (clean.data()[i] & 0xFF);
      sums[0] += Math.abs(difference) / clean.length();
      sums[1] += difference * difference / clean.length();
      sums[2 + i % 3] += value / pixels;
      sums[5 + i % 3] += value * value / pixels;
    }
    for (int channel = 0; channel < 3; channel++) {
      double mean = sums[2 + channel];
      sums[5 + channel] = Math.sqrt(sums[5 + channel] - mean * mean);
    }
    return sums;
  }

  private static Picture read(String name) throws Exception {
    try (InputStream stream =
        CorruptionStatisticsTest.class.getResourceAsStream("/golden/corrupt/" + name)) {
      byte[] bytes = stream.readAllBytes();
      Picture picture = new Picture();
      new PictureDecoder().decode(bytes, bytes.length, picture);
      return picture;
    }
  }
}
