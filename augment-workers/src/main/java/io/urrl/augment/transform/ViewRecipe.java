package io.urrl.augment.transform;

import java.util.List;

/**
 * How a view is made: with probability {@code robust} by T_rob (crop, flip, AugMix), else by T_rep
 * (MoCo v2's transforms); each view draws its own family (Eq. 2 of the paper).
 *
 * @param name name on the command line
 * @param robust probability p of T_rob
 * @param operations of AugMix's chains
 * @param severity highest level of an AugMix operation: 1 for ImageNet, 3 for small pictures
 * @param blur whether T_rep blurs
 */
public record ViewRecipe(
    String name, double robust, List<AugMixOperation> operations, double severity, boolean blur) {
  /** Up to this side pictures are small: AugMix has severity 3 and T_rep does not blur. */
  public static final int SMALL = 64;

  /** Names of all recipes. */
  public static final List<String> NAMES =
      List.of("moco-v2", "augmix", "augmix-allop", "augmix-moco", "urrl");

  public ViewRecipe {
    operations = List.copyOf(operations);
  }

  /**
   * The recipe of this name for views of this size.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static ViewRecipe named(String name, int size) {
    double severity = size <= SMALL ? 3 : 1;
    boolean blur = size > SMALL;
    return switch (name) {
      case "moco-v2" -> new ViewRecipe(name, 0, AugMixOperation.ALL, severity, blur);
      case "augmix" -> new ViewRecipe(name, 1, AugMixOperation.NINE, severity, blur);
      case "augmix-allop" -> new ViewRecipe(name, 1, AugMixOperation.ALL, severity, blur);
      case "augmix-moco" -> new ViewRecipe(name, 1, AugMixOperation.WITH_MOCO, severity, blur);
      case "urrl" -> new ViewRecipe(name, 0.5, AugMixOperation.ALL, severity, blur);
      default ->
          throw new IllegalArgumentException(
              "recipe " + name + " is unknown; known are " + String.join(", ", NAMES));
    };
  }
}
