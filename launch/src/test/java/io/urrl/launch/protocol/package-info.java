/**
 * The control protocol under random faults in virtual time: the real trainer, shard, workers,
 * supply and recorder, on one thread, over a network that loses, doubles, delays and reorders what
 * it carries. Everything that is random comes from one seed.
 */
package io.urrl.launch.protocol;
