package io.urrl.launch.run;

import io.urrl.actors.protocol.EvaluationCommand.Progress;

/** What is shown of evaluations while they go on. */
public interface EvaluationView {
  /** Shows nothing. */
  EvaluationView NONE =
      new EvaluationView() {
        @Override
        public void progress(Progress progress) {
          // Nobody looks.
        }

        @Override
        public void ended() {
          // Nothing was shown.
        }
      };

  /** A job has come this far. */
  void progress(Progress progress);

  /** A job is over. */
  void ended();
}
