package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What those who watch a run are told by its recorder, after {@link RunEvent.Watch}. */
public sealed interface RunNews {

  /**
   * News that follow each other. What a watcher does not say it heard is told again.
   *
   * @param recorder who tells them
   * @param edition names the recorder's incarnation, never 0; each counts its news from 0
   * @param oldest number of the oldest one that can still be told
   * @param first number of the first one here
   * @param items may be none: then there is nothing that was not heard
   */
  record Bulletin(
      ActorRef<RunEvent> recorder, long edition, long oldest, long first, List<Item> items)
      implements RunNews, WireMessage {}

  /** A watcher's own events. */
  non-sealed interface Internal extends RunNews {}

  /** A piece of news. */
  sealed interface Item extends WireMessage
      permits Began, Stepped, Kept, RunEvent.Judged, RunEvent.Notice, Outcome {}

  /**
   * The run goes on at a version.
   *
   * @param version optimiser steps that are done
   * @param steps optimiser steps in all
   * @param origin where the state came from, for people
   */
  record Began(long version, long steps, String origin) implements Item {}

  /**
   * A step is on record.
   *
   * @param pairsPerSecond at which its samples were trained
   */
  record Stepped(RunEvent.StepClosed step, double pairsPerSecond) implements Item {}

  /** A checkpoint is whole on disk. */
  record Kept(long version, String path) implements Item {}

  /** How a run ended. */
  sealed interface Outcome extends Item {
    /**
     * All steps are done, or somebody asked for the end.
     *
     * @param version optimiser steps that are done
     * @param checkpoint the last checkpoint's directory
     */
    record Done(long version, boolean stopped, String checkpoint) implements Outcome {}

    /** The run could not go on; the text says why and what to do. */
    record Broken(String text) implements Outcome {}
  }
}
