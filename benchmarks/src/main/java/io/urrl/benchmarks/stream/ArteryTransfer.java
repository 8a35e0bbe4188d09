package io.urrl.benchmarks.stream;

import io.urrl.launch.UserException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;

/** Sends a tensor as messages of bytes over Pekko's remoting (Artery over TCP, large lane). */
final class ArteryTransfer implements Route {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final MemorySegment tensor;
  private final int frame;
  private final ActorSystem system;
  private final SynchronousQueue<Boolean> acknowledged = new SynchronousQueue<>();
  private final ActorRef sender;
  private final Peer peer;
  private final ActorRef receiver;

  /** Hears the acknowledgements. */
  private static final class Sender extends AbstractActor {
    private final SynchronousQueue<Boolean> acknowledged;

    Sender(SynchronousQueue<Boolean> acknowledged) {
      this.acknowledged = acknowledged;
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder().match(byte[].class, bytes -> acknowledged.offer(true)).build();
    }
  }

  /**
   * @param frame bytes of a message
   */
  ArteryTransfer(long bytes, int frame) {
    this.frame = frame;
    tensor = Arena.ofAuto().allocate(bytes, Transfers.ALIGNMENT);
    system = ArteryReceiver.system(frame);
    sender = system.actorOf(Props.create(Sender.class, () -> new Sender(acknowledged)), "sender");
    peer = Peer.start(ArteryReceiver.class, List.of(Long.toString(bytes), Integer.toString(frame)));
    try {
      receiver =
          system
              .actorSelection(peer.ready())
              .resolveOne(PATIENCE)
              .toCompletableFuture()
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted while Artery was connected", e);
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new UserException("Artery does not reach its receiver: " + e.getMessage(), e);
    }
  }

  @Override
  public double seconds() {
    long began = System.nanoTime();
    for (long at = 0; at < tensor.byteSize(); at += frame) {
      receiver.tell(
          tensor
              .asSlice(at, Math.min(frame, tensor.byteSize() - at))
              .toArray(ValueLayout.JAVA_BYTE),
          sender);
    }
    try {
      return acknowledged.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS) == null
          ? Double.NaN
          : (System.nanoTime() - began) / 1e9;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Double.NaN;
    }
  }

  @Override
  public void close() {
    peer.close();
    system.terminate();
  }
}
