package io.urrl.actors.stream;

import io.urrl.actors.WireMessage;

/**
 * Where a receiver takes chunks.
 *
 * @param driver identity of the receiver's media driver, shared by exactly those who can use its
 *     memory; stays when the driver starts again
 * @param endpoint UDP host and port
 * @param streamId Aeron stream
 */
public record StreamAddress(String driver, String endpoint, int streamId) implements WireMessage {}
