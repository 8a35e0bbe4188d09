/**
 * Measurements of the product as it runs: whole processes, each measured against its peer in turn,
 * so that a machine whose speed drifts drifts for both. Single kernels are measured in {@code
 * benchmarks}.
 */
package io.urrl.launch.bench;
