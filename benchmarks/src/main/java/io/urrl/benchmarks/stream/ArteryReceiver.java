package io.urrl.benchmarks.stream;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Props;

/** A process that puts messages of bytes together to tensors and acknowledges each. */
public final class ArteryReceiver {

  /** Messages arrive in their order: TCP keeps it. */
  private static final class Receiver extends AbstractActor {
    private static final byte[] ACKNOWLEDGEMENT = {1};
    private final MemorySegment tensor;
    private long received;

    Receiver(long bytes) {
      tensor = Arena.ofAuto().allocate(bytes, Transfers.ALIGNMENT);
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder().match(byte[].class, this::onBytes).build();
    }

    private void onBytes(byte[] bytes) {
      MemorySegment.copy(MemorySegment.ofArray(bytes), 0, tensor, received, bytes.length);
      received += bytes.length;
      if (received == tensor.byteSize()) {
        received = 0;
        getSender().tell(ACKNOWLEDGEMENT, getSelf());
      }
    }
  }

  /** Bytes of a tensor, bytes of a message. */
  public static void main(String[] arguments) {
    ActorSystem system = system(Integer.parseInt(arguments[1]));
    long bytes = Long.parseLong(arguments[0]);
    ActorRef receiver =
        system.actorOf(Props.create(Receiver.class, () -> new Receiver(bytes)), "receiver");
    System.out.println(
        receiver
            .path()
            .toStringWithAddress(((ExtendedActorSystem) system).provider().getDefaultAddress()));
  }

  /**
   * A system at a free port, with a lane of its own for large messages in both directions.
   *
   * @param frame bytes of a message
   */
  static ActorSystem system(int frame) {
    Config config =
        ConfigFactory.parseString(
                """
                pekko {
                  loglevel = WARNING
                  stdout-loglevel = WARNING
                  actor.provider = remote
                  remote.warn-about-direct-use = off
                  remote.artery {
                    transport = tcp
                    canonical { hostname = "127.0.0.1", port = 0 }
                    large-message-destinations = ["/user/receiver"]
                    advanced {
                      maximum-large-frame-size = %d
                      outbound-large-message-queue-size = 4096
                    }
                  }
                }
                """
                    .formatted(frame + 4096))
            .withFallback(ConfigFactory.defaultReference());
    return ActorSystem.create("bench", config);
  }

  private ArteryReceiver() {}
}
