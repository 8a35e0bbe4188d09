package io.urrl.actors.stream;

/**
 * What a tensor was where it was made, so that a bit that changes on any way from there to its use
 * is found where it is used. Unlike a chunk's checksum it belongs to the tensor as a whole.
 *
 * @param digest {@link io.urrl.actors.tensor.TensorDigest} of the whole tensor
 * @param basis digest of the state that it belongs to: that of its version for parameters and queue
 *     rows, that at which it was computed for a gradient; else 0
 * @param detail the sample whose picture was read for views, which is another than the asked one
 *     where that is broken; how many versions a gradient's parameters lag behind its step; for rows
 *     that entered a companion, whose {@code digest} is the whole companion's, the low half of
 *     their own
 */
public record Provenance(long digest, long basis, int detail) {}
