package io.urrl.actors.stream;

import java.util.HashMap;
import java.util.Map;

/** A process that follows a broadcast and prints the number of each tensor that came whole. */
public final class FollowerMain {

  /** Media driver's directory, empty for one of its own; then the address, field by field. */
  public static void main(String[] arguments) throws Exception {
    StreamSettings settings = StreamFixture.settings(arguments[0], StreamSettings.Mode.AUTO);
    StreamAddress sender =
        new StreamAddress(arguments[1], arguments[2], Integer.parseInt(arguments[3]));
    Map<Integer, Long> received = new HashMap<>();
    try (Streams streams = Streams.open(settings)) {
      streams.follow(
          new BroadcastAddress(sender, Integer.parseInt(arguments[4])),
          (header, buffer, payload) -> {
            int sample = header.views().sample();
            long bytes = received.getOrDefault(sample, 0L);
            if (bytes == header.offset()) {
              received.put(sample, bytes + header.length());
              if (bytes + header.length() == header.total()) {
                System.out.println(sample);
              }
            }
          });
      while (System.in.read() >= 0) {
        // Until the test ends or closes the pipe.
      }
    }
  }

  private FollowerMain() {}
}
