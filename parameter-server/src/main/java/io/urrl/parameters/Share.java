package io.urrl.parameters;

import io.urrl.actors.tensor.TensorLayout;

/**
 * Which part of a run's state a shard has in a term. The first one has the companions, too.
 *
 * @param index of its slice of the parameters, from 0
 * @param count of slices
 */
public record Share(int index, int count) {
  /** Everything. */
  public static final Share WHOLE = new Share(0, 1);

  /** Checks that there is such a slice. */
  public Share {
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException("slice " + index + " of " + count);
    }
  }

  /** Whether it is the first one. */
  public boolean isFirst() {
    return index == 0;
  }

  /** Whether it is all of the state. */
  public boolean isWhole() {
    return count == 1;
  }

  /** Its floats of the parameters. */
  public TensorLayout.Slice of(StateLayout layout) {
    return layout.parameters().split(count).get(index);
  }

  /** Room for it: parameters and momentum 0, companions as they are made. */
  public ParameterState allocate(StateLayout layout) {
    return new ParameterState(layout, of(layout), isFirst());
  }

  @Override
  public String toString() {
    return "slice %d of %d".formatted(index + 1, count);
  }
}
