package io.urrl.actors.objective;

import io.urrl.actors.WireMessage;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a run trains for, as far as anyone but its maths must know. Every objective trains the
 * parameters of one encoder by gradients; this says what it has beside them.
 *
 * @param name under which GPU workers find its maths
 * @param views what is made of every sample
 * @param encoderMomentum m of an exponential moving average of the parameters, the momentum
 *     encoder, that is kept beside them: m a + (1 - m) p after every step; {@link
 *     #NO_MOMENTUM_ENCODER} for none
 * @param companions all else that is kept, in the order in which it is digested and sent
 * @param constants of its maths
 */
public record Objective(
    String name,
    Views views,
    float encoderMomentum,
    List<Companion> companions,
    List<Constant> constants)
    implements WireMessage {
  /** Of an objective that trains one encoder alone. */
  public static final float NO_MOMENTUM_ENCODER = -1;

  /**
   * A number that an objective's maths needs.
   *
   * @param name such as {@code temperature}
   */
  public record Constant(String name, float value) implements WireMessage {}

  /** Copies the lists. */
  public Objective {
    companions = List.copyOf(companions);
    constants = List.copyOf(constants);
  }

  /** Whether a momentum encoder is kept beside the parameters. */
  public boolean hasMomentumEncoder() {
    return encoderMomentum != NO_MOMENTUM_ENCODER;
  }

  /** Indices of the companions that every replica holds, in order. */
  public int[] replicated() {
    return IntStream.range(0, companions.size())
        .filter(index -> companions.get(index).replicated())
        .toArray();
  }

  /**
   * A constant's value.
   *
   * @throws IllegalArgumentException when there is none of this name
   */
  public float constant(String wanted) {
    return constants.stream()
        .filter(constant -> constant.name().equals(wanted))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " has no constant named " + wanted))
        .value();
  }
}
