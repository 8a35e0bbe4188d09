package io.urrl.launch.command.chaos;

import io.urrl.actors.files.FileFailure;
import io.urrl.launch.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * How a run gets on, as its record shows: every line that is added is a step. A record that was cut
 * back, because the run went back to a checkpoint, is no progress; what is added thereafter is. For
 * one thread.
 */
final class Progress {
  private final Path record;
  private long size;
  private long last = System.nanoTime();
  private long longest;
  private int steps;

  /**
   * @param record a file of the run to which each step adds a line
   */
  Progress(Path record) {
    this.record = record;
    size = size();
  }

  private long size() {
    try {
      return Files.size(record);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UserException(record + ": " + FileFailure.reason(record, e), e);
    }
  }

  /** Looks. */
  void look() {
    long now = System.nanoTime();
    long grown = size();
    longest = Math.max(longest, now - last);
    if (grown > size) {
      steps++;
      last = now;
    }
    size = grown;
  }

  /** Forgets what was until now. */
  void begin() {
    look();
    longest = 0;
    steps = 0;
    last = System.nanoTime();
  }

  /** Longest time without a step since the begin, in seconds. */
  double longest() {
    return longest * 1e-9;
  }

  /** How often the record was seen to grow since the begin. */
  int steps() {
    return steps;
  }
}
