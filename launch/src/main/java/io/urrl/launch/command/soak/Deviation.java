package io.urrl.launch.command.soak;

/**
 * Where a run first left the bits that others have.
 *
 * @param step the first step that differs
 * @param field the first field of that step that differs
 * @param common its text in most runs
 * @param here its text in this run
 * @param others how many more fields of that step differ
 */
record Deviation(long step, String field, String common, String here, int others) {

  /** For people. */
  String text() {
    String more =
        switch (others) {
          case 0 -> "";
          case 1 -> " (and 1 more field)";
          default -> " (and " + others + " more fields)";
        };
    return "step %d, %s: %s instead of %s%s".formatted(step, field, here, common, more);
  }
}
