package io.urrl.launch.node;

import io.urrl.actors.stream.Streams;
import io.urrl.gpu.nn.TensorRuntime;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;

/** A role that a node plays for whichever run comes: the workers that it keeps at work. */
public interface WorkerRole {

  /**
   * What a node gives to its roles.
   *
   * @param streams its data plane
   * @param runtime its tensor library
   * @param patience after which what a receiver does not take is given up
   * @param keep has the node keep a worker of a name running: makes each of its incarnations
   */
  record Room(
      Streams streams,
      TensorRuntime runtime,
      Duration patience,
      BiConsumer<String, Supplier<Behavior<?>>> keep) {}

  /** Has the node keep the role's workers. */
  void begin(Room room);
}
