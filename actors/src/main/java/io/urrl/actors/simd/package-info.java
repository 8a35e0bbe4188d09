/**
 * The width of the vectors that each kernel works in. {@link io.urrl.actors.simd.VectorWidth} is
 * the one table of them; it must not be touched where the module {@code jdk.incubator.vector} is
 * missing.
 */
package io.urrl.actors.simd;
