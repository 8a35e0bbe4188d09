package io.urrl.launch.run;

import io.urrl.actors.protocol.EvaluationJob.EvaluationData;
import io.urrl.actors.protocol.RunBrief.EncoderBrief;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.launch.config.Settings;
import java.util.List;

/**
 * How long the linear evaluation at the end of pre-training takes beside the training, by counting
 * multiply-adds: the answer does not depend on the machine or on what else runs there.
 *
 * <p>Training costs four forward passes of the encoder a sample: forward and backward (three) of
 * the query encoder and forward of the key encoder. The evaluation passes all pictures through two
 * encoders, and then every probe reads all features of the training pictures in every epoch, which
 * is bound by memory: reading a feature is counted as {@value #READING} multiply-adds.
 */
public final class EvaluationCost {
  /** Largest share of the training time at which the evaluation comes without being asked for. */
  public static final double SMALL = 0.5;

  /** A rough figure: it only has to tell seconds of probes from minutes of them. */
  static final int READING = 150;

  /** Passes of all probes together that choose the learning rate, in epochs of the final one. */
  private static final double CHOICE = 2.4;

  private static final int FORWARDS = 4;

  /**
   * Time of the evaluation as a multiple of the training's.
   *
   * @param steps optimiser steps that the run took
   */
  public static double share(Settings settings, EvaluationData data, long steps) {
    EncoderBrief brief = settings.encoder();
    EncoderSpec spec = EncoderSpec.of(brief);
    double forward = forward(spec, brief.stem(), data.imageSize());
    double training = (double) steps * settings.train().batch() * FORWARDS * forward;
    double features = 2.0 * (data.train() + data.test()) * forward;
    double lengths = 2.0 * spec.featureWidth() + 3.0 * data.imageSize() * data.imageSize();
    Settings.Evaluate how = settings.evaluate();
    double passes = how.linearEpochs() * (how.linearRate() > 0 ? 1 : 1 + CHOICE);
    double probes = passes * data.train() * lengths * (2.0 * data.classes() + READING);
    return (features + probes) / training;
  }

  /** Multiply-adds of a picture's way through the encoder's convolutions. */
  static double forward(EncoderSpec spec, String stem, int imageSize) {
    double sum = 0;
    for (TensorLayout.Entry entry : spec.parameters().entries()) {
      if (entry.shape().size() == 4) {
        double side = (double) imageSize / shrunk(entry.name(), stem.equals("imagenet"));
        sum += entry.length() * side * side;
      }
    }
    return sum;
  }

  /** By how much a convolution's output is smaller than the picture, by its torchvision name. */
  private static int shrunk(String name, boolean large) {
    List<String> stages = List.of("layer1.", "layer2.", "layer3.", "layer4.");
    for (int stage = 0; stage < stages.size(); stage++) {
      if (name.startsWith(stages.get(stage))) {
        return (large ? 4 : 1) << stage;
      }
    }
    return large ? 2 : 1;
  }

  private EvaluationCost() {}
}
