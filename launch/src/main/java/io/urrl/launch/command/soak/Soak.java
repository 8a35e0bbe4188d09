package io.urrl.launch.command.soak;

import io.urrl.launch.UserException;
import java.io.IOException;
import java.nio.file.Files;

/** A soak test: short runs, then long ones, under load; then the table. */
public final class Soak {
  private final SoakOptions options;
  private final SoakView view;
  private final Stop stop;

  /**
   * @param stop ends the test early, with the table of what was run
   */
  public Soak(SoakOptions options, SoakView view, Stop stop) {
    this.options = options;
    this.view = view;
    this.stop = stop;
  }

  /**
   * Runs what is wanted and was not run by earlier calls, and shows the table.
   *
   * @return whether no run deviated or failed
   * @throws UserException when the directory cannot be used
   */
  public boolean run() {
    try {
      Files.createDirectories(options.directory());
      try (Journal journal = Journal.open(options.directory())) {
        return run(journal);
      }
    } catch (IOException e) {
      throw new UserException(
          "%s cannot be used: %s; make room, or give another --out"
              .formatted(options.directory(), e),
          e);
    }
  }

  private boolean run(Journal journal) throws IOException {
    RunFolders folders = new RunFolders(options.directory());
    Program program = Program.copy(folders.program());
    String subject = Subject.of(program, options.plan());
    announce(new Tally(journal.results(), subject), journal.results().size());
    work(journal, program, subject, folders);
    Tally tally = new Tally(journal.results(), subject);
    int others = journal.results().size() - tally.shorts().size() - tally.longs().size();
    new Report(tally, folders, others).lines().forEach(view::say);
    return tally.clean();
  }

  private void announce(Tally before, int results) {
    int kept = before.shorts().size() + before.longs().size();
    if (results > 0) {
      view.say("going on with %d results in %s".formatted(kept, options.directory()));
    }
    boolean tuned = System.getenv().keySet().stream().anyMatch(Program::tunesAllocator);
    boolean plain = options.configurations().stream().allMatch(Configuration::systemAllocator);
    if (!tuned && !plain) {
      view.say("the allocator is not tuned here: start launch/urrl without URRL_MALLOC=default");
    }
  }

  private void work(Journal journal, Program program, String subject, RunFolders folders)
      throws IOException {
    if (options.load() == 0) {
      runs(journal, program, subject);
      return;
    }
    try (BusyCores load = BusyCores.start(program, options.load(), folders.loadOutput())) {
      runs(journal, program, subject);
      if (!load.isAlive()) {
        view.say("the load ended early; " + folders.loadOutput() + " says why");
      }
    }
  }

  private void runs(Journal journal, Program program, String subject) throws IOException {
    new ShortRuns(options, program, subject, journal, view, stop).run();
    if (!options.longTime().isZero()) {
      new LongRuns(options, program, subject, journal, view, stop).run();
    }
  }
}
