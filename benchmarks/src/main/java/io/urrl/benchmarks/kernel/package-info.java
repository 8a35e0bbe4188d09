/**
 * JMH benchmarks of the augmentation kernels, each set beside the other: {@code java -cp ...
 * org.openjdk.jmh.Main io.urrl.benchmarks.kernel}.
 */
package io.urrl.benchmarks.kernel;
