/** Evaluations as jobs for the node's evaluation actors, and their results as a table. */
package io.urrl.launch.evaluation;
