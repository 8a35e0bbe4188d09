/**
 * The data plane: tensors and pictures as self-describing chunks over Aeron. Each chunk fits into
 * one Aeron fragment, so that it is written straight into the log and read straight out of it to
 * its final place. Bytes enter through {@link io.urrl.actors.stream.ChunkWriter} on the sender's
 * thread and leave through a {@link io.urrl.actors.stream.ChunkHandler} on the node's one receive
 * thread. Knows nothing of pictures, networks or optimisers.
 */
package io.urrl.actors.stream;
