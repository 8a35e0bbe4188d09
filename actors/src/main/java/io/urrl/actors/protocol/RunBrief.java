package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.objective.Objective;
import io.urrl.actors.plan.RunPlan;

/**
 * All that a worker must know of a run to compute the same bits as every other worker.
 *
 * @param runId identity of the run, in every chunk header
 * @param plan samples of every micro-batch
 * @param views where the views come from
 * @param encoder the network
 * @param objective what it trains for
 * @param staleness most optimiser steps that a gradient's parameters may lag behind
 * @param tensorThreads intra-op threads of every CPU worker: part of the run, since the number
 *     decides the last bits of a gradient
 * @param probe digest of a small fixed pass, which every worker must compute alike; 0 where bits
 *     may differ
 */
public record RunBrief(
    long runId,
    RunPlan plan,
    ViewBrief views,
    EncoderBrief encoder,
    Objective objective,
    int staleness,
    int tensorThreads,
    long probe)
    implements WireMessage {

  /**
   * The pre-training views of a run.
   *
   * @param data set of the pictures
   * @param recipe name of the view recipe
   * @param imageSize height and width of a view
   */
  public record ViewBrief(DataSet data, String recipe, int imageSize) implements WireMessage {}

  /**
   * The encoder's structure.
   *
   * @param arch {@code resnet18}, {@code resnet34} or {@code resnet50}
   * @param width channels of the first stage, 64 in the published networks
   * @param stem {@code imagenet} or {@code cifar}
   * @param hidden width of the MLP head's hidden layer, 0 for the width of the features
   * @param dim length of an embedding
   */
  public record EncoderBrief(String arch, int width, String stem, int hidden, int dim)
      implements WireMessage {}
}
