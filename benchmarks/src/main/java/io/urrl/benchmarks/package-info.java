package io.urrl.benchmarks;
