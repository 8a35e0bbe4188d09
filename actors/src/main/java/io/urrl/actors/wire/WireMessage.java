package io.urrl.actors.wire;

/** A message that may travel between nodes; its class has a place in {@link WireIds}. */
public interface WireMessage {}
