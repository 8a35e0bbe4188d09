package io.urrl.launch.protocol;

import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.launch.run.RunView;
import java.util.function.Consumer;

/** Tells what a person would see of a run. */
record Story(Consumer<String> teller) implements RunView {

  @Override
  public void started(long version, long steps, String origin) {
    teller.accept("started at " + version + " from " + origin);
  }

  @Override
  public void step(RunEvent.StepClosed step, double pairsPerSecond) {
    teller.accept("step " + step.step() + " of term " + step.term());
  }

  @Override
  public void checkpoint(long version, String path) {
    teller.accept("checkpoint " + version);
  }

  @Override
  public void judged(long version, EvaluationCommand.Outcome judged) {
    teller.accept("judged " + version);
  }

  @Override
  public void notice(String text) {
    teller.accept(text);
  }
}
