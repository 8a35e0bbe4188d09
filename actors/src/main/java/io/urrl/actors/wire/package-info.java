/**
 * Control messages on the wire: Kryo behind Pekko's serializer interface. Every class that may
 * travel has a fixed number in {@link io.urrl.actors.wire.WireIds}; anything else is refused on
 * both sides, so that a peer of another version gets a clear answer and never a wrong object.
 */
package io.urrl.actors.wire;
