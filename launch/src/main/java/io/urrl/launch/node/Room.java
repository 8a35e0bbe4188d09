package io.urrl.launch.node;

import io.urrl.actors.stream.Streams;
import io.urrl.gpu.nn.TensorRuntime;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;

/**
 * What a node gives to its roles. Data plane and tensor library are opened when the first of them
 * asks: who holds the trainer alone, or watches, needs neither.
 */
public final class Room implements AutoCloseable {
  private final NodeSettings settings;
  private final BiConsumer<String, Supplier<Behavior<?>>> keep;
  private Streams streams;

  Room(NodeSettings settings, BiConsumer<String, Supplier<Behavior<?>>> keep) {
    this.settings = settings;
    this.keep = keep;
  }

  /** The node's data plane. */
  public synchronized Streams streams() {
    if (streams == null) {
      streams = Streams.open(settings.stream());
    }
    return streams;
  }

  /** The data plane if it was opened. */
  synchronized Optional<Streams> opened() {
    return Optional.ofNullable(streams);
  }

  /** The node's tensor library. */
  public TensorRuntime runtime() {
    return TensorRuntime.open(settings.tensorThreads(), settings.tensorIsa());
  }

  /** After which what a receiver does not take is given up. */
  public Duration patience() {
    return settings.stream().sendTimeout();
  }

  /**
   * Has the node keep a worker running.
   *
   * @param name what it is; the cluster knows it by this and the node's name
   * @param behavior makes each of its incarnations
   */
  public void keep(String name, Supplier<Behavior<?>> behavior) {
    keep.accept(settings.name().isEmpty() ? name : name + "@" + settings.name(), behavior);
  }

  @Override
  public void close() {
    opened().ifPresent(Streams::close);
  }
}
