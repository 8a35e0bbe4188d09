/**
 * The messages that cross between actors of different rooms, as sealed interfaces of records: what
 * a trainer, a GPU worker, a parameter shard, the view supply and an evaluation worker can be told.
 * Knows identities, addresses and plain values; no tensor, picture or file ever travels in a
 * message: those take the streams.
 *
 * <p>An actor's private messages (timers, adapted replies) extend the {@code Internal} member of
 * its interface and stand in the actor's own file; they never leave the process.
 */
package io.urrl.actors.protocol;
