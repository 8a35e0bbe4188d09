/**
 * The data plane: tensors and pictures as self-describing chunks over Aeron. Each chunk fits into
 * one Aeron fragment, so that it is written straight into the log and read straight out of it to
 * its final place. Bytes enter through {@link io.urrl.actors.stream.ChunkWriter} on the sender's
 * thread and leave through a {@link io.urrl.actors.stream.ChunkHandler} on the node's one receive
 * thread. Knows nothing of pictures, networks or optimisers.
 *
 * <p>Three threads beside Aeron's own, none of which waits for a peer: senders claim room in a log
 * or are told that there is none; the receive thread polls; the keeper's thread talks to the media
 * driver for both of them. When the driver, or the connection to it, died (its process was killed,
 * or this one was stopped for longer than the driver believes in it), the keeper opens all of it
 * again at the same addresses, or reports it as lost.
 */
package io.urrl.actors.stream;
