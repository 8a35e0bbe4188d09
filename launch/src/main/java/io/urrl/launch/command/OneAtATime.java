package io.urrl.launch.command;

import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.launch.run.RunView;

/** A view that is told of the run and of its nodes by different threads. */
final class OneAtATime implements RunView {
  private final RunView view;

  OneAtATime(RunView view) {
    this.view = view;
  }

  @Override
  public void started(long version, long steps, String origin) {
    synchronized (view) {
      view.started(version, steps, origin);
    }
  }

  @Override
  public void step(RunEvent.StepClosed step, double pairsPerSecond) {
    synchronized (view) {
      view.step(step, pairsPerSecond);
    }
  }

  @Override
  public void checkpoint(long version, String path) {
    synchronized (view) {
      view.checkpoint(version, path);
    }
  }

  @Override
  public void judged(long version, EvaluationCommand.Outcome outcome) {
    synchronized (view) {
      view.judged(version, outcome);
    }
  }

  @Override
  public void notice(String text) {
    synchronized (view) {
      view.notice(text);
    }
  }
}
