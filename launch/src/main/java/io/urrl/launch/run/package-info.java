/**
 * A run on disk and on the screen: its directory and lock, its record step by step, and the job
 * that ties a node's actors to them.
 */
package io.urrl.launch.run;
