/**
 * Holds networks, losses, probe, optimiser and a whole training to reference values: reads the
 * cases of a folder in the reference format, runs what training runs, and writes what that gives
 * under the names that a case lists. Judging is left to others, but for {@link
 * io.urrl.verify.learning.GoldenCheck}.
 */
package io.urrl.verify.learning;
