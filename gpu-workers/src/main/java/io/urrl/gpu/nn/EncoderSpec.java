package io.urrl.gpu.nn;

import io.urrl.actors.protocol.RunBrief.EncoderBrief;
import io.urrl.actors.tensor.TensorLayout;
import java.util.List;
import java.util.Map;

/**
 * Structure of an encoder: a residual network (He et al., 2016) as torchvision builds it, with a
 * head.
 *
 * @param kind block of the network
 * @param layers blocks of the four stages
 * @param width channels of the first stage, 64 in the published networks
 * @param stem first layers
 * @param head outputs of one linear layer ({@code fc}), or hidden width and outputs of MoCo v2's
 *     two ({@code fc.0}, ReLU, {@code fc.2})
 */
public record EncoderSpec(
    Kind kind, List<Integer> layers, int width, Stem stem, List<Integer> head) {

  /** Block of a residual network. */
  public enum Kind {
    /** Two 3×3 convolutions. */
    BASIC(1),
    /** 1×1, 3×3 (with the stride), 1×1 to four times the width. */
    BOTTLENECK(4);

    private final int expansion;

    Kind(int expansion) {
      this.expansion = expansion;
    }
  }

  /** First layers. */
  public enum Stem {
    /** 7×7 with stride 2, then 3×3 max pooling with stride 2. */
    IMAGENET,
    /** 3×3 with stride 1. */
    CIFAR
  }

  /** Names of all architectures. */
  public static final List<String> ARCHITECTURE_NAMES = List.of("resnet18", "resnet34", "resnet50");

  /** Names of all stems. */
  public static final List<String> STEM_NAMES = List.of("cifar", "imagenet");

  private static final Map<String, EncoderSpec> ARCHITECTURES =
      Map.of(
          "resnet18",
              new EncoderSpec(Kind.BASIC, List.of(2, 2, 2, 2), 64, Stem.IMAGENET, List.of(1000)),
          "resnet34",
              new EncoderSpec(Kind.BASIC, List.of(3, 4, 6, 3), 64, Stem.IMAGENET, List.of(1000)),
          "resnet50",
              new EncoderSpec(
                  Kind.BOTTLENECK, List.of(3, 4, 6, 3), 64, Stem.IMAGENET, List.of(1000)));

  public EncoderSpec {
    layers = List.copyOf(layers);
    head = List.copyOf(head);
    if (width < 1 || layers.size() != 4 || head.isEmpty() || head.size() > 2) {
      throw new IllegalArgumentException(
          "an encoder of width " + width + ", stages " + layers + ", head " + head);
    }
  }

  /** The encoder that a message describes, with MoCo v2's head. */
  public static EncoderSpec of(EncoderBrief brief) {
    return moco(brief.arch(), brief.width(), brief.stem(), brief.hidden(), brief.dim());
  }

  /**
   * An encoder with MoCo v2's head.
   *
   * @param arch one of {@link #ARCHITECTURE_NAMES}
   * @param stem one of {@link #STEM_NAMES}
   * @param hidden width of the head's hidden layer, 0 for the width of the features
   * @param dim outputs
   */
  public static EncoderSpec moco(String arch, int width, String stem, int hidden, int dim) {
    EncoderSpec known = ARCHITECTURES.get(arch);
    if (known == null) {
      throw new IllegalArgumentException(
          "encoder.arch %s is unknown: give %s"
              .formatted(arch, String.join(", ", ARCHITECTURE_NAMES)));
    }
    Stem first =
        switch (stem) {
          case "imagenet" -> Stem.IMAGENET;
          case "cifar" -> Stem.CIFAR;
          default ->
              throw new IllegalArgumentException(
                  "encoder.stem %s is unknown: give %s"
                      .formatted(stem, String.join(" or ", STEM_NAMES)));
        };
    EncoderSpec sized = new EncoderSpec(known.kind, known.layers, width, first, List.of(dim));
    int inner = hidden == 0 ? sized.featureWidth() : hidden;
    return new EncoderSpec(known.kind, known.layers, width, first, List.of(inner, dim));
  }

  /** Length of the pooled features. */
  public int featureWidth() {
    return width * 8 * kind.expansion;
  }

  /** Length of the head's output. */
  public int dim() {
    return head.getLast();
  }

  /** Trained parameters, with torchvision's names in torchvision's order. */
  public TensorLayout parameters() {
    TensorLayout.Builder layout = TensorLayout.builder();
    int kernel = stem == Stem.IMAGENET ? 7 : 3;
    layout.add("conv1.weight", width, 3, kernel, kernel);
    norm(layout, "bn1", width);
    forEachBlock(block -> block.parameters(layout));
    int features = featureWidth();
    if (head.size() == 1) {
      layout.add("fc.weight", head.getFirst(), features).add("fc.bias", head.getFirst());
    } else {
      layout.add("fc.0.weight", head.getFirst(), features).add("fc.0.bias", head.getFirst());
      layout.add("fc.2.weight", dim(), head.getFirst()).add("fc.2.bias", dim());
    }
    return layout.build();
  }

  /** Running mean and variance of every batch norm, in torchvision's order. */
  public TensorLayout buffers() {
    TensorLayout.Builder layout = TensorLayout.builder();
    statistics(layout, "bn1", width);
    forEachBlock(block -> block.buffers(layout));
    return layout.build();
  }

  /** One residual block. */
  record Block(String name, Kind kind, int inside, int width, int stride) {
    int outside() {
      return width * kind.expansion;
    }

    boolean downsamples() {
      return stride != 1 || inside != outside();
    }

    private void parameters(TensorLayout.Builder layout) {
      if (kind == Kind.BASIC) {
        layout.add(name + ".conv1.weight", width, inside, 3, 3);
        norm(layout, name + ".bn1", width);
        layout.add(name + ".conv2.weight", width, width, 3, 3);
        norm(layout, name + ".bn2", width);
      } else {
        layout.add(name + ".conv1.weight", width, inside, 1, 1);
        norm(layout, name + ".bn1", width);
        layout.add(name + ".conv2.weight", width, width, 3, 3);
        norm(layout, name + ".bn2", width);
        layout.add(name + ".conv3.weight", outside(), width, 1, 1);
        norm(layout, name + ".bn3", outside());
      }
      if (downsamples()) {
        layout.add(name + ".downsample.0.weight", outside(), inside, 1, 1);
        norm(layout, name + ".downsample.1", outside());
      }
    }

    private void buffers(TensorLayout.Builder layout) {
      statistics(layout, name + ".bn1", width);
      statistics(layout, name + ".bn2", width);
      if (kind == Kind.BOTTLENECK) {
        statistics(layout, name + ".bn3", outside());
      }
      if (downsamples()) {
        statistics(layout, name + ".downsample.1", outside());
      }
    }
  }

  /** Visits the residual blocks from the stem to the head. */
  void forEachBlock(java.util.function.Consumer<Block> visitor) {
    int inside = width;
    for (int stage = 0; stage < 4; stage++) {
      int stageWidth = width << stage;
      for (int place = 0; place < layers.get(stage); place++) {
        int stride = stage > 0 && place == 0 ? 2 : 1;
        String name = "layer" + (stage + 1) + "." + place;
        Block block = new Block(name, kind, inside, stageWidth, stride);
        visitor.accept(block);
        inside = block.outside();
      }
    }
  }

  private static void norm(TensorLayout.Builder layout, String name, int channels) {
    layout.add(name + ".weight", channels).add(name + ".bias", channels);
  }

  private static void statistics(TensorLayout.Builder layout, String name, int channels) {
    layout.add(name + ".running_mean", channels).add(name + ".running_var", channels);
  }
}
