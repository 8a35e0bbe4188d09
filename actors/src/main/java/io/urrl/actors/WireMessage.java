package io.urrl.actors;

/** A message that may travel between nodes; the serializer knows its class by number. */
public interface WireMessage {}
