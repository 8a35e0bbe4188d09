package io.urrl.launch.config;

import com.typesafe.config.Config;
import io.urrl.actors.objective.Moco;
import io.urrl.actors.objective.Objective;
import io.urrl.augment.transform.ViewRecipe;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the setting {@code recipe} chooses: an objective, and how its views are made. An objective
 * takes its numbers from the settings here, where it is listed.
 */
final class Recipes {

  /**
   * A choice.
   *
   * @param name on the command line
   * @param views name of the view recipe
   * @param objective from all settings
   */
  private record Recipe(String name, String views, Function<Config, Objective> objective) {}

  private static final List<Recipe> LIST =
      ViewRecipe.NAMES.stream().map(views -> new Recipe(views, views, Recipes::moco)).toList();

  private static final Map<String, Recipe> BY_NAME =
      LIST.stream().collect(Collectors.toMap(Recipe::name, Function.identity()));

  private static Objective moco(Config config) {
    return Moco.of(
        SettingsTable.QUEUE.of(config),
        SettingsTable.DIM.of(config),
        SettingsTable.MOMENTUM.of(config).floatValue(),
        SettingsTable.TEMPERATURE.of(config).floatValue());
  }

  /** All names. */
  static List<String> names() {
    return LIST.stream().map(Recipe::name).toList();
  }

  private static Recipe of(Config config) {
    return BY_NAME.get(SettingsTable.RECIPE.of(config));
  }

  /** What a run with these settings trains for. */
  static Objective objective(Config config) {
    return of(config).objective().apply(config);
  }

  /** How its views are made. */
  static String views(Config config) {
    return of(config).views();
  }

  private Recipes() {}
}
