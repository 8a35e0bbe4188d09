/**
 * The parameter shard: the actor that owns weights, velocity, momentum encoder, negative queue and
 * running statistics, and the assembly of what GPU workers send it. Gradients enter on the node's
 * receive thread, which owns what is half complete; whole ones cross to the actor as messages.
 */
package io.urrl.parameters.shard;
