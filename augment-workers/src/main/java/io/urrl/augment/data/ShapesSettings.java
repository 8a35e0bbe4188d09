package io.urrl.augment.data;

/**
 * What a name like {@code shapes:seed=3,train=600,test=120} chooses; what it leaves out has the
 * defaults of {@code shapes}.
 *
 * @param seed keys every picture
 * @param train number of training pictures
 * @param test number of test pictures
 */
record ShapesSettings(long seed, int train, int test) {
  private static final ShapesSettings DEFAULTS = new ShapesSettings(20_200_928, 6_000, 1_200);
  private static final int MOST = 100_000_000;

  /** Whether a data set's name means drawn shapes. */
  static boolean names(String source) {
    return source.equals(PictureSets.SHAPES) || source.startsWith(PictureSets.SHAPES + ":");
  }

  /**
   * Reads a name.
   *
   * @throws DataException when it sets something that does not exist or cannot be
   */
  static ShapesSettings of(String source) {
    ShapesSettings settings = DEFAULTS;
    if (source.equals(PictureSets.SHAPES)) {
      return settings;
    }
    for (String setting : source.substring(PictureSets.SHAPES.length() + 1).split(",", -1)) {
      int equals = setting.indexOf('=');
      String key = equals < 0 ? setting : setting.substring(0, equals);
      String value = equals < 0 ? "" : setting.substring(equals + 1);
      settings =
          switch (key) {
            case "seed" ->
                new ShapesSettings(
                    number(source, key, value, Long.MIN_VALUE, Long.MAX_VALUE),
                    settings.train,
                    settings.test);
            case "train" ->
                new ShapesSettings(settings.seed, count(source, key, value), settings.test);
            case "test" ->
                new ShapesSettings(settings.seed, settings.train, count(source, key, value));
            default ->
                throw new DataException(
                    "data set %s: '%s' is none of seed=, train= and test=; write for example %s"
                        .formatted(source, setting, "shapes:seed=3,train=6000,test=1200"));
          };
    }
    return settings;
  }

  /** At least a picture of every class, so that every class can be learned and tested. */
  private static int count(String source, String key, String value) {
    return (int) number(source, key, value, Outline.values().length, MOST);
  }

  private static long number(String source, String key, String value, long least, long most) {
    try {
      long number = Long.parseLong(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new DataException(
          "data set %s: %s=%s is no whole number; write for example %s=%d"
              .formatted(source, key, value, key, Math.max(least, 1)),
          e);
    }
    throw new DataException(
        "data set %s: %s=%s is not between %d and %d; choose another number"
            .formatted(source, key, value, least, most));
  }
}
