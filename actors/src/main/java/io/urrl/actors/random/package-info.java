/**
 * Counter-based randomness: a draw is a function of (seed, epoch, sample, view, draw), never of the
 * thread, worker or order in which it happens. Who draws where is listed in {@link
 * io.urrl.actors.random.RandomStream}. Knows nothing of pictures, actors or tensors.
 */
package io.urrl.actors.random;
