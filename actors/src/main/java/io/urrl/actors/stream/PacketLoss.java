package io.urrl.actors.stream;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ext.DebugReceiveChannelEndpoint;
import io.aeron.driver.ext.LossGenerator;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Loses UDP packets on purpose, for tests and experiments with faults: {@code
 * -Durrl.stream.loss=0.05} has each media driver of the process drop one in twenty of the packets
 * that come in, and of those with which its receivers answer.
 */
final class PacketLoss {
  /** System property with the share that is lost. */
  static final String PROPERTY = "urrl.stream.loss";

  /** Has a driver lose what the property says. */
  static MediaDriver.Context applyTo(MediaDriver.Context context) {
    double share = share();
    if (share == 0) {
      return context;
    }
    LossGenerator loss =
        (address, buffer, length) -> ThreadLocalRandom.current().nextDouble() < share;
    return context.receiveChannelEndpointSupplier(
        (channel, dispatcher, status, of) ->
            new DebugReceiveChannelEndpoint(channel, dispatcher, status, of, loss, loss));
  }

  private static double share() {
    String text = System.getProperty(PROPERTY, "0");
    try {
      double share = Double.parseDouble(text);
      if (share >= 0 && share < 1) {
        return share;
      }
    } catch (NumberFormatException e) {
      throw new StreamException(wrong(text), e);
    }
    throw new StreamException(wrong(text));
  }

  private static String wrong(String text) {
    return "-D%s must be a share of at least 0 and below 1, not %s".formatted(PROPERTY, text);
  }

  private PacketLoss() {}
}
