package io.urrl.launch.command.doctor;

import java.util.Locale;

/**
 * One thing about this machine.
 *
 * @param grade how it is
 * @param name what was looked at
 * @param text what was found, and the remedy where it is not good
 */
public record Finding(Grade grade, String name, String text) {

  /** How a thing is. */
  public enum Grade {
    /** As it should be. */
    OK,
    /** A run works, but slower or with less room than it could. */
    WARN,
    /** A run does not work. */
    FAIL
  }

  static Finding ok(String name, String text) {
    return new Finding(Grade.OK, name, text);
  }

  static Finding warn(String name, String text) {
    return new Finding(Grade.WARN, name, text);
  }

  static Finding fail(String name, String text) {
    return new Finding(Grade.FAIL, name, text);
  }

  /** Whether a run does not work. */
  public boolean fatal() {
    return grade == Grade.FAIL;
  }

  /** The finding as a line of a table. */
  public String line() {
    return String.format(
        Locale.ROOT, "%-4s  %-14s %s", grade.name().toLowerCase(Locale.ROOT), name, text);
  }
}
