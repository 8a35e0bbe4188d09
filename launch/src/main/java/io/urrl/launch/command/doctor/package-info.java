/**
 * What this machine offers to a run: each finding is looked at or measured when asked, and comes
 * with a remedy where something is amiss. Knows nothing of runs and settings.
 */
package io.urrl.launch.command.doctor;
