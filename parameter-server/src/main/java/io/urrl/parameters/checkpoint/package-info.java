/**
 * Checkpoints on disk: whole or not there at all.
 *
 * <p>A {@link io.urrl.parameters.ParameterState} enters {@link
 * io.urrl.parameters.checkpoint.CheckpointStore}, which writes it beside the older ones,
 * synchronises it to the disk and renames it into place; the same store finds the newest one whose
 * checksums agree and reads it back. Only {@link io.urrl.parameters.checkpoint.Disk} touches the
 * file system when writing, so that tests can break it at every point. Knows nothing of actors and
 * networks.
 */
package io.urrl.parameters.checkpoint;
