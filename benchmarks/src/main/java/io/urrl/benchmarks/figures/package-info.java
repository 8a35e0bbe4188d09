/** What benchmarks make of what they measured. */
package io.urrl.benchmarks.figures;
