/**
 * The inner loops of the augmentation engine. Each kernel is an interface with two implementations
 * that give the same bytes: one written with the Vector API, and its scalar twin, which serves
 * processors where vectors do not pay and is the vector kernel's oracle in tests.
 *
 * <p>Kernels work on rows of interleaved bytes in arrays that belong to the caller. They know
 * nothing of pictures, randomness or recipes, allocate nothing per call, and are for one thread.
 */
package io.urrl.augment.kernel;
