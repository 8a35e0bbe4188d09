/**
 * Faults on purpose: a cluster on this machine is trained while its processes are killed and
 * stopped, and what that costs is measured.
 */
package io.urrl.launch.command.chaos;
