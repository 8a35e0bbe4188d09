/**
 * One node: an actor system in a cluster, a media driver and the workers of its roles, and what is
 * carried out on it: runs, their record, evaluations. Whoever holds a role opens what the role
 * needs from the run's directory. Nothing here reads the command line or shows anything to a
 * person.
 */
package io.urrl.launch.node;
