package io.urrl.augment.chain;

import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.corrupt.Corruptions;
import io.urrl.augment.corrupt.Corruptor;
import io.urrl.augment.image.Picture;
import io.urrl.augment.transform.Operations;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Operations and corruptions one after the other. Written as names separated by commas, each with
 * its parameters after colons; a corruption's parameter is its severity.
 */
public final class OperationChain {
  /** Set before a corruption's name where an operation has the same. */
  private static final String PREFIX = "corrupt_";

  private final List<Link> links;

  private OperationChain(List<Link> links) {
    this.links = links;
  }

  private sealed interface Link {}

  private record Plain(NamedOperation operation, List<Double> with) implements Link {}

  private record Corrupt(CorruptionKind kind, int severity) implements Link {}

  /**
   * Reads a chain.
   *
   * @throws IllegalArgumentException with a text for people, when it cannot be read
   */
  public static OperationChain parse(String text) {
    return new OperationChain(
        Arrays.stream(text.split(",", -1)).map(String::strip).map(OperationChain::link).toList());
  }

  private static Link link(String text) {
    String[] parts = text.split(":", -1);
    double[] numbers = new double[parts.length - 1];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(parts[i + 1], text);
    }
    NamedOperation operation = NamedOperation.named(parts[0]);
    if (operation != null) {
      requireCount(operation.parameters().size(), numbers, text, operation.usage());
      operation.check(numbers);
      return new Plain(operation, Arrays.stream(numbers).boxed().toList());
    }
    Optional<NamedOperation> twin = NamedOperation.alsoCorruption(parts[0]);
    if (twin.isPresent()) {
      throw new IllegalArgumentException(
          "%s is an operation and a corruption: write %s or %s%s:SEVERITY"
              .formatted(parts[0], twin.get().usage(), PREFIX, parts[0]));
    }
    for (CorruptionKind kind : CorruptionKind.values()) {
      if (parts[0].equals(kind.publishedName()) || parts[0].equals(PREFIX + kind.publishedName())) {
        requireCount(1, numbers, text, corruptionUsage(kind));
        if (!(numbers[0] >= 1 && numbers[0] <= CorruptionKind.SEVERITIES)
            || numbers[0] != Math.rint(numbers[0])) {
          throw new IllegalArgumentException(
              "severity of %s must be a whole number from 1 to %d"
                  .formatted(parts[0], CorruptionKind.SEVERITIES));
        }
        return new Corrupt(kind, (int) numbers[0]);
      }
    }
    throw new IllegalArgumentException(
        "operation %s is unknown; known are %s"
            .formatted(parts[0].isEmpty() ? "\"\"" : parts[0], String.join(", ", known())));
  }

  private static double number(String text, String link) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"%s\" in %s is not a number".formatted(text, link), e);
    }
  }

  private static void requireCount(int count, double[] numbers, String text, String usage) {
    if (numbers.length != count) {
      throw new IllegalArgumentException("%s must be written as %s".formatted(text, usage));
    }
  }

  /** All operations with their parameters, then all corruptions. */
  public static List<String> known() {
    return Stream.concat(
            Arrays.stream(NamedOperation.values()).map(NamedOperation::usage),
            Arrays.stream(CorruptionKind.values()).map(OperationChain::corruptionUsage))
        .toList();
  }

  private static String corruptionUsage(CorruptionKind kind) {
    boolean taken = NamedOperation.alsoCorruption(kind.publishedName()).isPresent();
    return (taken ? PREFIX : "") + kind.publishedName() + ":SEVERITY";
  }

  /**
   * Applies all links in order.
   *
   * @param corruptions called when there is a corruption among them
   * @param seed keys all randomness; each link draws from a stream of its own
   * @throws IllegalArgumentException when an operation does not fit the picture
   */
  public void apply(Picture picture, Supplier<Corruptions> corruptions, long seed) {
    Operations operations = new Operations();
    Corruptor corruptor = null;
    for (int place = 0; place < links.size(); place++) {
      switch (links.get(place)) {
        case Plain(NamedOperation operation, List<Double> with) ->
            operation.apply(
                operations, picture, with.stream().mapToDouble(Double::doubleValue).toArray());
        case Corrupt(CorruptionKind kind, int severity) -> {
          if (corruptor == null) {
            corruptor = new Corruptor(corruptions.get(), seed);
          }
          corruptor.corrupt(picture, place, kind, severity);
        }
      }
    }
  }
}
