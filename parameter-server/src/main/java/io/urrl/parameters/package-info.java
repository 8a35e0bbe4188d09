/**
 * The parameter server's mathematics and memory: what a shard does with gradients once they are
 * there.
 *
 * <p>Gradients of micro-batches enter {@link io.urrl.parameters.ReductionTree}; the sum goes
 * through {@link io.urrl.parameters.SgdKernel} into {@link io.urrl.parameters.ParameterState}; keys
 * enter {@link io.urrl.parameters.NegativeQueue}, batch statistics {@link
 * io.urrl.parameters.RunningStatistics}. Everything lies off the heap, and every result has the
 * same bits whoever computed the parts and in whatever order they came. Knows nothing of pictures
 * and networks.
 */
package io.urrl.parameters;
