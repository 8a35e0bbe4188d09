package io.urrl.actors.stream;

import io.urrl.actors.WireMessage;

/**
 * What a chunk belongs to: chunks of other runs and of other terms are dropped wherever they come
 * in.
 *
 * @param run identity of the run, or of an evaluation job
 * @param term fencing number of the run's term
 */
public record Fence(long run, int term) implements WireMessage {}
