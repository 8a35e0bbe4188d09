package io.urrl.actors.stream;

import io.urrl.actors.WireMessage;

/**
 * Where a broadcast can be followed.
 *
 * @param sender where its followers say that they follow
 * @param streamId Aeron stream of what is broadcast
 */
public record BroadcastAddress(StreamAddress sender, int streamId) implements WireMessage {}
