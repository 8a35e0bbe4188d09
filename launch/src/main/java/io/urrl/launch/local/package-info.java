/**
 * A cluster on one machine: which nodes are wanted, which processes carry them out, and who watches
 * over them. All of it lies in files of the run's directory, so that commands change wishes and
 * whoever supervises carries them out. Knows neither what a node does nor the command line.
 */
package io.urrl.launch.local;
