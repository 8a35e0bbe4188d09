/**
 * One node: an actor system in a cluster, a media driver and the workers of its roles. Settings
 * come in as plain records; nothing here reads configuration files or the command line.
 */
package io.urrl.launch.node;
