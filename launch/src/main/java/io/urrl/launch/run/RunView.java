package io.urrl.launch.run;

import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.RunEvent;

/** Shows a run to a person. Called by one thread at a time. */
public interface RunView {
  /** Shows nothing. */
  RunView NONE =
      new RunView() {
        @Override
        public void started(long version, long steps, String origin) {}

        @Override
        public void step(RunEvent.StepClosed step, double pairsPerSecond) {}

        @Override
        public void checkpoint(long version, String path) {}

        @Override
        public void judged(long version, EvaluationCommand.Outcome outcome) {}

        @Override
        public void notice(String text) {}
      };

  /** The run goes on at a version. */
  void started(long version, long steps, String origin);

  /** A step was closed. */
  void step(RunEvent.StepClosed step, double pairsPerSecond);

  /** A checkpoint is whole on disk. */
  void checkpoint(long version, String path);

  /** An evaluation of a checkpoint ended while the run goes on. */
  void judged(long version, EvaluationCommand.Outcome outcome);

  /** Something that a person should know. */
  void notice(String text);
}
