package io.urrl.benchmarks.stream;

import io.urrl.actors.stream.BroadcastAddress;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.stream.StreamSettings;
import io.urrl.actors.stream.Streams;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A process that receives tensors. Prints its address, or that it follows a broadcast, and then the
 * version of each tensor that has come whole.
 */
public final class StreamReceiver {

  /**
   * Media driver's directory, term length, bytes of a tensor; then, to follow a broadcast, its
   * address.
   */
  public static void main(String[] arguments) throws InterruptedException {
    StreamSettings settings = settings(arguments[0], Integer.parseInt(arguments[1]));
    BlockingQueue<Long> whole = new LinkedBlockingQueue<>();
    Landing landing = new Landing(Long.parseLong(arguments[2]), whole::add);
    try (Streams streams = Streams.open(settings)) {
      if (arguments.length > 3) {
        StreamAddress sender = Transfers.address(arguments, 3);
        streams.follow(new BroadcastAddress(sender, Integer.parseInt(arguments[6])), landing);
        System.out.println("following");
      } else {
        System.out.println(String.join(" ", Transfers.arguments(streams.receive(landing))));
      }
      while (true) {
        System.out.println(whole.take());
      }
    }
  }

  static StreamSettings settings(String directory, int termLength) {
    StreamSettings usual = StreamSettings.loopback();
    return new StreamSettings(
        directory, usual.mode(), usual.host(), usual.mtu(), termLength, Duration.ofSeconds(20));
  }

  private StreamReceiver() {}
}
