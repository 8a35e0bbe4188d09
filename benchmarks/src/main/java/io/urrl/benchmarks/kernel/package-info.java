/**
 * JMH benchmarks of the augmentation kernels, each set beside the other; {@code
 * benchmarks/kernels.sh} runs them.
 */
package io.urrl.benchmarks.kernel;
