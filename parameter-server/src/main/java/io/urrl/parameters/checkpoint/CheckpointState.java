package io.urrl.parameters.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a checkpoint says about itself, next to its tensors.
 *
 * @param step optimiser steps that the run has taken
 * @param version version of the parameters
 * @param architecture one-line description of the network, such as {@code resnet18 cifar 128}
 * @param product name and version of the program that wrote it
 * @param plan fields of the run plan by name, in order
 */
public record CheckpointState(
    long step, long version, String architecture, String product, Map<String, String> plan) {
  /** Copies the plan. */
  public CheckpointState {
    if (step < 0 || step > 999_999_999) {
      throw new IllegalArgumentException("step " + step + " does not fit nine digits");
    }
    plan = Collections.unmodifiableMap(new LinkedHashMap<>(plan));
  }
}
