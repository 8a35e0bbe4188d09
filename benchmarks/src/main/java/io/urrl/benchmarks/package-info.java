/**
 * Measurements of the product as it runs ({@code urrl bench}): whole processes, each measured
 * against its peer in turn, so that a machine whose speed drifts drifts for both. Kernels are
 * measured below, with JMH. No part of the product: the launcher puts it on the class path of its
 * own command alone.
 */
package io.urrl.benchmarks;
