/** What {@code benchmarks/cuda-check.sh} runs: a program a part, each with one JSON line. */
package io.urrl.benchmarks.device;
