package io.urrl.launch.config;

import com.typesafe.config.Config;
import io.urrl.launch.UsageException;
import java.util.ArrayList;
import java.util.List;

/** Which settings a run keeps for life and which may be others when it is resumed. */
public final class ResumeRules {

  /**
   * Checks what is asked of a resumed run before anything else is checked: a value that does not
   * fit the run's others is refused for being another one.
   *
   * @param before what the run has
   * @param now what it is asked to go on with
   * @return what changes in its course, one text a key; for people
   * @throws UsageException naming the first key that may not change, with both values
   */
  public static List<String> check(Config before, Config now) {
    List<String> changes = new ArrayList<>();
    for (Setting<?> setting : SettingsTable.all()) {
      String was = before.getString(setting.path());
      String is = now.getString(setting.path());
      if (setting.kind().same(was, is)) {
        continue;
      }
      String change = "%s is %s and was %s".formatted(setting.key(), is, was);
      switch (setting.rule()) {
        case FIXED ->
            throw new UsageException(
                change + " when the run began; leave it out, or begin another --run");
        case EXACT -> {
          if (SettingsTable.EXACT_BITS.of(now)) {
            throw new UsageException(
                change
                    + " when the run began, which changes a gradient's last bits; leave it out,"
                    + " or admit that with --set train.exact=relaxed");
          }
          changes.add(change);
        }
        case COURSE -> changes.add(change);
        case SAME_CONTENT, FREE -> {
          // Nothing that a person must hear of.
        }
      }
    }
    return changes;
  }

  private ResumeRules() {}
}
