/**
 * Holds the optimiser to reference values: reads the cases of a folder in the reference format,
 * runs the kernels that training runs, and writes what they give under the names that the case
 * lists. Judging the results is not done here.
 */
package io.urrl.parameters.verify;
