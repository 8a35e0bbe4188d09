package io.urrl.benchmarks.stream;

import io.urrl.actors.stream.BroadcastAddress;
import io.urrl.actors.stream.ChunkWriter;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.stream.StreamSettings;
import io.urrl.actors.stream.Streams;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A process that receives tensors and acknowledges each that is whole. Prints its address, or that
 * it follows a broadcast.
 */
public final class StreamReceiver {

  /**
   * Media driver's directory, term length, bytes of a tensor, number of this receiver, address of
   * the acknowledgements; then, to follow a broadcast, its address.
   */
  public static void main(String[] arguments) throws InterruptedException {
    StreamSettings settings = settings(arguments[0], Integer.parseInt(arguments[1]));
    long bytes = Long.parseLong(arguments[2]);
    int number = Integer.parseInt(arguments[3]);
    BlockingQueue<Long> whole = new LinkedBlockingQueue<>();
    Landing landing = new Landing(bytes, whole::add);
    try (Streams streams = Streams.open(settings)) {
      if (arguments.length > 7) {
        StreamAddress sender = Transfers.address(arguments, 7);
        streams.follow(new BroadcastAddress(sender, Integer.parseInt(arguments[10])), landing);
        System.out.println("following");
      } else {
        System.out.println(String.join(" ", Transfers.arguments(streams.receive(landing))));
      }
      ChunkWriter back = streams.writerTo(Transfers.address(arguments, 4));
      while (true) {
        Transfers.acknowledge(streams, back, whole.take(), number);
      }
    }
  }

  static StreamSettings settings(String directory, int termLength) {
    StreamSettings usual = StreamSettings.loopback();
    return new StreamSettings(
        directory,
        usual.mode(),
        usual.host(),
        usual.mtu(),
        termLength,
        Duration.ofSeconds(20));
  }

  private StreamReceiver() {}
}
