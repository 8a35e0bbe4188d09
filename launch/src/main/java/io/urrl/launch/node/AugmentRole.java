package io.urrl.launch.node;

import io.urrl.augment.data.OpenSets;
import io.urrl.augment.worker.AugmentWorker;
import io.urrl.augment.worker.PictureViews;
import io.urrl.launch.config.NodeRole;
import java.util.function.UnaryOperator;

/**
 * Makes views.
 *
 * @param workers one a core
 * @param window tasks that a worker asks for at a time
 * @param places where this host has a data set
 */
public record AugmentRole(int workers, int window, UnaryOperator<String> places)
    implements WorkerRole {
  @Override
  public String word() {
    return NodeRole.AUGMENT.word();
  }

  @Override
  public void begin(Room room) {
    OpenSets sets = new OpenSets(places);
    for (int worker = 1; worker <= workers; worker++) {
      room.keep(
          "augment-worker-" + worker,
          () ->
              AugmentWorker.create(
                  new AugmentWorker.Means(
                      room.streams(),
                      new PictureViews(sets),
                      window,
                      room.patience(),
                      Node::millis)));
    }
  }
}
