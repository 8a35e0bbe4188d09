/**
 * A run on disk: its directory and lock, what it is, its record step by step, its checkpoints, and
 * how all that is read by those who look at a run. Knows no actors and no console.
 */
package io.urrl.launch.run;
