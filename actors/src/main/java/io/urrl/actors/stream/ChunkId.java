package io.urrl.actors.stream;

/**
 * Identity of a tensor on the wire.
 *
 * @param kind what it is
 * @param term fencing number of the sender's term
 * @param step optimiser step, version or job
 * @param index micro-batch within the step; for versions 1 for the whole state, 0 for a change
 * @param place sample within the micro-batch, attempt of a gradient, pointer of a queue
 * @param epoch epoch of a sample; label of an evaluation picture
 * @param sample index of a sample into its data set
 */
public record ChunkId(
    ChunkKind kind, int term, long step, int index, int place, int epoch, int sample) {}
