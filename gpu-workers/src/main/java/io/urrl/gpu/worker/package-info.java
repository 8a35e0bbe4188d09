/**
 * The GPU worker: an actor on a thread of its own that holds an encoder replica, gathers views and
 * parameters from the streams and sends gradients. Views and parameters enter on the node's receive
 * thread, which alone owns what is half complete; whole ones cross to the actor as messages.
 */
package io.urrl.gpu.worker;
