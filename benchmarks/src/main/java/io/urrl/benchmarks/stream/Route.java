package io.urrl.benchmarks.stream;

/** A way to bring tensors to other processes. */
interface Route extends AutoCloseable {

  /**
   * Brings a tensor there.
   *
   * @return seconds until all have said that they hold all of it; NaN when one did not get it
   */
  double seconds();

  @Override
  void close();
}
