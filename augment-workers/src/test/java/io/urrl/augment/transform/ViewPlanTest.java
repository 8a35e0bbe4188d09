package io.urrl.augment.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.random.Philox;
import io.urrl.actors.random.RandomStream;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The random laws of views. */
class ViewPlanTest {
  private static final int DRAWS = 40_000;
  private static final int WIDTH = 500;
  private static final int HEIGHT = 375;

  private static void draw(String recipe, int size, Consumer<ViewPlan> each) {
    ViewPlan plan = new ViewPlan(ViewRecipe.named(recipe, size), size);
    Philox random = new Philox(20_26);
    for (int sample = 0; sample < DRAWS; sample++) {
      plan.draw(WIDTH, HEIGHT, RandomStream.view(random, 1, sample, sample & 1));
      each.accept(plan);
    }
  }

  private static JsonNode golden(String name) throws Exception {
    try (InputStream in = ViewPlanTest.class.getResourceAsStream("/golden/" + name)) {
      return new ObjectMapper().readTree(in);
    }
  }

  /** Moments, quantiles and correlation against draws of torchvision's. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void cropsLieAsTorchvisions(int index) throws Exception {
    JsonNode measured = golden("crops.json").get("measured").get(index);
    int width = measured.get("image_width").asInt();
    int height = measured.get("image_height").asInt();
    Map<String, Samples> found = new HashMap<>();
    for (String name : List.of("top", "left", "height", "width", "area_fraction", "log_ratio")) {
      found.put(name, new Samples(DRAWS));
    }
    CropBox box = new CropBox();
    Philox random = new Philox(7);
    for (int sample = 0; sample < DRAWS; sample++) {
      box.draw(width, height, RandomStream.view(random, 0, sample, 0));
      assertTrue(box.top() >= 0 && box.top() + box.height() <= height);
      assertTrue(box.left() >= 0 && box.left() + box.width() <= width);
      found.get("top").add(box.top());
      found.get("left").add(box.left());
      found.get("height").add(box.height());
      found.get("width").add(box.width());
      found.get("area_fraction").add((double) box.height() * box.width() / (width * height));
      found.get("log_ratio").add(Math.log((double) box.width() / box.height()));
    }
    double spread = 4 * Math.sqrt(1.0 / DRAWS + 1.0 / measured.get("draws").asInt());
    found.forEach((name, samples) -> compare(name, measured.get("moments").get(name), samples));
    assertEquals(
        measured.get("correlation_height_width").asDouble(),
        Samples.correlation(found.get("height"), found.get("width")),
        spread);
  }

  private static void compare(String name, JsonNode gold, Samples samples) {
    double spread = 4 * Math.sqrt(1.0 / DRAWS + 1.0 / 20_000);
    double deviation = gold.get("std").asDouble();
    assertEquals(gold.get("mean").asDouble(), samples.mean(), spread * deviation, name);
    assertEquals(deviation, samples.deviation(), spread * deviation, name);
    gold.get("quantiles")
        .properties()
        .forEach(
            quantile -> {
              double part = Double.parseDouble(quantile.getKey());
              double value = quantile.getValue().asDouble();
              double most = spread * Math.sqrt(part * (1 - part));
              String what = name + "'s quantile " + part;
              assertTrue(samples.part(value - 1e-9, false) <= part + most, what);
              assertTrue(samples.part(value + 1e-9, true) >= part - most, what);
            });
  }

  /** A strip holds no box of an admissible shape: its centre of the nearest shape is taken. */
  @ParameterizedTest
  @CsvSource({"1000,10,493,0,13,10", "10,1000,0,493,10,13", "3,1,1,0,1,1"})
  void cropsOfStripsAreCentral(int width, int height, int left, int top, int boxW, int boxH) {
    CropBox box = new CropBox();
    int central = 0;
    for (int sample = 0; sample < 100; sample++) {
      box.draw(width, height, RandomStream.view(new Philox(3), 0, sample, 0));
      boolean same =
          box.left() == left && box.top() == top && box.width() == boxW && box.height() == boxH;
      central += same ? 1 : 0;
    }
    assertTrue(central > 0, "central boxes: " + central);
  }

  @Test
  void representationsFollowMocoV2() {
    Samples brightness = new Samples(DRAWS);
    Samples contrast = new Samples(DRAWS);
    Samples saturation = new Samples(DRAWS);
    Samples hue = new Samples(DRAWS);
    Samples sigma = new Samples(DRAWS);
    int[] orders = new int[24];
    int[] happened = new int[4];
    draw(
        "moco-v2",
        224,
        plan -> {
          happened[0] += plan.robust() ? 1 : 0;
          happened[1] += plan.flipped() ? 1 : 0;
          happened[2] += plan.gray() ? 1 : 0;
          happened[3] += plan.jittered() && plan.sigma() > 0 ? 1 : 0;
          if (plan.jittered()) {
            brightness.add(plan.jitter().brightness());
            contrast.add(plan.jitter().contrast());
            saturation.add(plan.jitter().saturation());
            hue.add(plan.jitter().hue());
            orders[order(plan.jitter())]++;
          }
          if (plan.sigma() > 0) {
            sigma.add(plan.sigma());
          }
        });
    assertEquals(0, happened[0], "T_rob");
    Samples.happens("flip", 0.5, happened[1], DRAWS);
    Samples.happens("grayscale", 0.2, happened[2], DRAWS);
    Samples.happens("jitter", 0.8, brightness.size(), DRAWS);
    Samples.happens("blur", 0.5, sigma.size(), DRAWS);
    Samples.happens("jitter and blur", 0.4, happened[3], DRAWS);
    brightness.followUniform("brightness", 0.6, 1.4);
    contrast.followUniform("contrast", 0.6, 1.4);
    saturation.followUniform("saturation", 0.6, 1.4);
    hue.followUniform("hue", -0.1, 0.1);
    sigma.followUniform("sigma", 0.1, 2);
    Samples.areEven("order of the jitter", orders);
    assertEquals(0, Samples.correlation(brightness, contrast), 0.02);
    assertEquals(0, Samples.correlation(saturation, hue), 0.02);
  }

  /** Number of a permutation of four, 0..23. */
  private static int order(JitterPlan jitter) {
    int number = 0;
    for (int place = 0; place < JitterPlan.OPERATIONS; place++) {
      int smaller = 0;
      for (int later = place + 1; later < JitterPlan.OPERATIONS; later++) {
        smaller += jitter.order(later) < jitter.order(place) ? 1 : 0;
      }
      number = number * (JitterPlan.OPERATIONS - place) + smaller;
    }
    return number;
  }

  @Test
  void smallRepresentationsAreNotBlurred() {
    draw("moco-v2", 32, plan -> assertEquals(0, plan.sigma()));
  }

  @ParameterizedTest
  @CsvSource({"augmix,224,1,9", "augmix-allop,32,3,13", "augmix-moco,224,1,12"})
  void mixturesFollowAugMix(String recipe, int size, double severity, int operations) {
    Map<AugMixOperation, Integer> used = new EnumMap<>(AugMixOperation.class);
    Samples level = new Samples(9 * DRAWS);
    Samples share = new Samples(DRAWS);
    Samples[] weights = {new Samples(DRAWS), new Samples(DRAWS), new Samples(DRAWS)};
    int[] depths = new int[ChainPlan.DEEPEST];
    int[] negative = new int[1];
    draw(
        recipe,
        size,
        plan -> {
          assertTrue(plan.robust());
          share.add(plan.share());
          float sum = 0;
          for (int i = 0; i < ViewPlan.WIDTH; i++) {
            weights[i].add(plan.weights()[i]);
            sum += plan.weights()[i];
            ChainPlan chain = plan.chain(i);
            depths[chain.depth() - 1]++;
            for (int link = 0; link < chain.depth(); link++) {
              used.merge(chain.link(link).operation(), 1, Integer::sum);
              level.add(chain.link(link).level());
              negative[0] += chain.link(link).negative() ? 1 : 0;
            }
          }
          assertEquals(1f, sum, 2e-7f);
        });
    assertEquals(operations, used.size());
    Samples.areEven("operations", used.values().stream().mapToInt(Integer::intValue).toArray());
    Samples.areEven("depth", depths);
    Samples.happens("negative", 0.5, negative[0], level.size());
    level.followUniform("level", 0.1, severity);
    share.followUniform("share", 0, 1);
    for (Samples weight : weights) {
      weight.follow("Dirichlet's marginal, Beta(1, 2)", value -> 1 - (1 - value) * (1 - value));
    }
    assertEquals(-0.5, Samples.correlation(weights[0], weights[2]), 0.02);
    assertEquals(0, Samples.correlation(weights[1], share), 0.02);
  }

  @Test
  void urrlTakesEitherFamily() {
    int[] robust = new int[1];
    draw("urrl", 224, plan -> robust[0] += plan.robust() ? 1 : 0);
    Samples.happens("T_rob", 0.5, robust[0], DRAWS);
  }

  @Test
  void levelsGiveTheParametersOfAugMix() throws Exception {
    JsonNode rows = golden("augmix_parameters.json");
    for (JsonNode row : rows) {
      AugMixOperation operation =
          AugMixOperation.valueOf(row.get("op").asText().toUpperCase(java.util.Locale.ROOT));
      assertEquals(
          row.get("value").asDouble(),
          operation.parameter(
              row.get("level").asDouble(),
              row.get("size").asInt(),
              row.get("negative").asBoolean()),
          row::toString);
    }
    assertEquals(176, rows.size());
  }

  @Test
  void aDescriptionNamesWhatWasDrawn() {
    draw(
        "urrl",
        224,
        plan -> {
          String text = plan.describe();
          assertEquals(plan.robust(), text.startsWith("T_rob"));
          assertEquals(plan.flipped(), text.contains(" flip"));
          if (plan.robust()) {
            String[] chains = text.replace(" flip", "").substring(6).split(" \\| ", -1);
            assertEquals(ViewPlan.WIDTH, chains.length);
            assertEquals(plan.chain(2).depth(), chains[2].split("\\+", -1).length);
            assertEquals(plan.chain(2).link(0).operation().label(), chains[2].split("\\+", -1)[0]);
          } else {
            assertEquals(plan.jittered(), text.contains(" jitter"));
            assertEquals(plan.gray(), text.contains(" gray"));
            assertEquals(plan.sigma() > 0, text.contains(" blur"));
          }
        });
  }
}
