/**
 * The parameter server's mathematics and memory: what a shard does with gradients once they are
 * there.
 *
 * <p>Gradients of micro-batches enter {@link io.urrl.parameters.ReductionTree}; the sum goes
 * through {@link io.urrl.parameters.SgdKernel} into {@link io.urrl.parameters.ParameterState}; what
 * they bring besides enters the objective's companions, each a {@link
 * io.urrl.parameters.CompanionState}. Everything lies off the heap, and every result has the same
 * bits whoever computed the parts and in whatever order they came. Knows nothing of pictures,
 * networks and objectives' maths.
 */
package io.urrl.parameters;
