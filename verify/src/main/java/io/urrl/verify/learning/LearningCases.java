package io.urrl.verify.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.tensor.Npy;
import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.gpu.evaluate.LinearProbe;
import io.urrl.gpu.loss.InfoNce;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.gpu.nn.ResNet;
import io.urrl.gpu.nn.Scalars;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.gpu.nn.Weights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The cases {@code resnet_forward}, {@code infonce} and {@code linear_probe} of a folder in the
 * reference format: each has a {@code case.json}, its inputs and the names of its outputs.
 */
public final class LearningCases {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TensorRuntime runtime;
  private final Path folder;
  private final Path out;
  private final JsonNode sheet;

  private LearningCases(TensorRuntime runtime, Path folder, Path out) throws IOException {
    this.runtime = runtime;
    this.folder = folder;
    this.out = out;
    sheet = JSON.readTree(folder.resolve("case.json").toFile());
    Files.createDirectories(out);
  }

  /**
   * Runs a case.
   *
   * @param cases folder of all cases
   * @param name the case
   * @param out folder of all outputs
   * @return whether this version knows the case
   */
  public static boolean run(TensorRuntime runtime, Path cases, String name, Path out)
      throws IOException {
    switch (name) {
      case "resnet_forward" -> of(runtime, cases, name, out).resnetForward();
      case "infonce" -> of(runtime, cases, name, out).infoNce();
      case "linear_probe" -> of(runtime, cases, name, out).linearProbe();
      default -> {
        return false;
      }
    }
    return true;
  }

  private static LearningCases of(TensorRuntime runtime, Path cases, String name, Path out)
      throws IOException {
    return new LearningCases(runtime, cases.resolve(name), out.resolve(name));
  }

  /** The encoder that a case's {@code net} describes. */
  static EncoderSpec spec(JsonNode net) {
    List<Integer> layers = new ArrayList<>();
    net.get("layers").forEach(count -> layers.add(count.asInt()));
    List<Integer> head = new ArrayList<>();
    if (net.get("head").isArray()) {
      net.get("head").forEach(width -> head.add(width.asInt()));
    } else {
      head.add(net.get("head").asInt());
    }
    return new EncoderSpec(
        EncoderSpec.Kind.valueOf(net.get("kind").asText().toUpperCase(Locale.ROOT)),
        layers,
        net.get("width").asInt(),
        EncoderSpec.Stem.valueOf(net.get("stem").asText().toUpperCase(Locale.ROOT)),
        head);
  }

  /** Named tensors in the order of a layout, flat. */
  static MemorySegment flat(TensorLayout layout, Map<String, Tensor> tensors) {
    MemorySegment flat = Arena.ofAuto().allocate(layout.byteSize(), 64);
    layout.scatter(tensors, flat);
    return flat;
  }

  private void resnetForward() throws IOException {
    var nets = sheet.get("hyper").get("nets").properties();
    for (Map.Entry<String, JsonNode> net : nets) {
      try (NDManager manager = runtime.newManager()) {
        encoder(manager, net.getKey(), spec(net.getValue()));
      }
    }
  }

  private void encoder(NDManager manager, String name, EncoderSpec spec) throws IOException {
    Map<String, Tensor> weights = Safetensors.read(folder.resolve(name + ".safetensors"));
    Weights parameters =
        Weights.over(manager, spec.parameters(), flat(spec.parameters(), weights), true);
    MemorySegment running = flat(spec.buffers(), weights);
    NDArray labels = array(manager, name + "_labels.npy");
    NDArray input = array(manager, name + "_input.npy");
    input.setRequiresGradient(true);

    JniUtils.setGradMode(true);
    ResNet still =
        new ResNet(spec, parameters, Weights.over(manager, spec.buffers(), running, false), false);
    NDArray features = still.features(input);
    NDArray logits = still.head(features);
    backward(crossEntropy(logits, labels));
    write(name + "_eval_features.npy", features);
    write(name + "_eval_logits.npy", logits);
    write(name + "_eval_grad_input.npy", ((PtNDArray) input).getGradient());

    parameters.all().forEach(tensor -> JniUtils.zeroGrad((PtNDArray) tensor));
    MemorySegment batch = Arena.ofAuto().allocate(spec.buffers().byteSize(), 64);
    ResNet training =
        new ResNet(spec, parameters, Weights.over(manager, spec.buffers(), batch, false), true);
    features = training.features(array(manager, name + "_input.npy"));
    logits = training.head(features);
    NDArray loss = crossEntropy(logits, labels);
    backward(loss);
    JniUtils.setGradMode(false);
    write(name + "_train_features.npy", features);
    write(name + "_train_logits.npy", logits);
    write(name + "_train_loss.npy", loss.reshape(1));
    for (JsonNode output : sheet.get("outputs")) {
      String file = output.get("file").asText();
      String prefix = name + "_grad_";
      if (file.startsWith(prefix)) {
        String parameter = file.substring(prefix.length(), file.length() - ".npy".length());
        write(file, ((PtNDArray) parameters.get(parameter)).getGradient());
      }
    }
    after(name, spec, running, batch);
  }

  /** Running statistics after one pass, as the parameter server works them out. */
  private void after(String name, EncoderSpec spec, MemorySegment running, MemorySegment batch)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorLayout.Entry entry : spec.buffers().entries()) {
      float[] values = new float[Math.toIntExact(entry.length())];
      for (int i = 0; i < values.length; i++) {
        long at = (entry.offset() + i) * Float.BYTES;
        values[i] =
            (float) (0.9 * running.get(Tensor.FLOAT, at) + 0.1 * batch.get(Tensor.FLOAT, at));
      }
      tensors.put(entry.name(), Tensor.of(values, values.length));
    }
    Safetensors.write(out.resolve(name + "_after.safetensors"), tensors, Map.of());
  }

  private void infoNce() throws IOException {
    float temperature = (float) sheet.get("hyper").get("temperature").asDouble();
    try (NDManager manager = runtime.newManager()) {
      NDArray raw = array(manager, "q_raw.npy");
      NDArray k = InfoNce.unit(array(manager, "k_raw.npy"));
      NDArray queue = array(manager, "queue.npy");
      long batch = raw.getShape().get(0);
      JniUtils.setGradMode(true);
      raw.setRequiresGradient(true);
      NDArray q = InfoNce.unit(raw);
      NDArray logits = InfoNce.logits(q, k, queue, temperature);
      NDArray loss = InfoNce.share(InfoNce.lossSum(logits), batch);
      backward(loss);
      JniUtils.setGradMode(false);
      NDArray unit = InfoNce.unit(array(manager, "q_raw.npy"));
      JniUtils.setGradMode(true);
      unit.setRequiresGradient(true);
      backward(InfoNce.share(InfoNce.lossSum(InfoNce.logits(unit, k, queue, temperature)), batch));
      JniUtils.setGradMode(false);
      write("q.npy", unit);
      write("k.npy", k);
      write("logits.npy", logits);
      write("loss.npy", loss.reshape(1));
      write("accuracy1.npy", InfoNce.share(InfoNce.correct(logits, 1), batch).reshape(1));
      write("accuracy5.npy", InfoNce.share(InfoNce.correct(logits, 5), batch).reshape(1));
      write("grad_q.npy", ((PtNDArray) unit).getGradient());
      write("grad_q_raw.npy", ((PtNDArray) raw).getGradient());
    }
  }

  private void linearProbe() throws IOException {
    Tensor batches = Npy.read(folder.resolve("batches.npy"));
    int steps = batches.dimension(0);
    int batch = batches.dimension(1);
    long[] order = batches.toLongs();
    for (Map.Entry<String, JsonNode> rate : sheet.get("hyper").get("lr").properties()) {
      try (NDManager manager = runtime.newManager()) {
        NDArray features = array(manager, "features.npy");
        NDArray labels = array(manager, "labels.npy");
        NDArray weight = array(manager, "weight.npy");
        int classes = (int) weight.getShape().get(0);
        int width = (int) weight.getShape().get(1);
        float[] flat = weight.toFloatArray();
        float[][] rows = new float[classes][];
        for (int row = 0; row < classes; row++) {
          rows[row] = Arrays.copyOfRange(flat, row * width, (row + 1) * width);
        }
        LinearProbe probe =
            LinearProbe.from(manager, rows, array(manager, "bias.npy").toFloatArray());
        float[] losses = new float[steps];
        for (int step = 0; step < steps; step++) {
          NDArray places =
              manager.create(Arrays.copyOfRange(order, step * batch, (step + 1) * batch));
          losses[step] =
              probe.step(
                  features.get(places), labels.get(places), (float) rate.getValue().asDouble());
        }
        write(rate.getKey() + "_losses.npy", manager.create(losses));
        write(rate.getKey() + "_weight.npy", probe.weight());
        write(rate.getKey() + "_bias.npy", probe.bias());
        write(rate.getKey() + "_logits.npy", probe.logits(features));
      }
    }
  }

  private static NDArray crossEntropy(NDArray logits, NDArray labels) {
    long n = logits.getShape().get(0);
    long classes = logits.getShape().get(1);
    NDArray hot = labels.oneHot(Math.toIntExact(classes), DataType.FLOAT32);
    return logits
        .logSoftmax(1)
        .mul(hot)
        .sum()
        .neg()
        .div(Scalars.of(logits.getManager(), (double) n));
  }

  private static void backward(NDArray loss) {
    JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
  }

  private NDArray array(NDManager manager, String file) throws IOException {
    Tensor tensor = Npy.read(folder.resolve(file));
    Shape shape = new Shape(tensor.shape().stream().mapToLong(Long::longValue).toArray());
    return switch (tensor.type()) {
      case I64 -> manager.create(tensor.toLongs(), shape);
      default -> manager.create(tensor.toFloats(), shape);
    };
  }

  private void write(String file, NDArray values) throws IOException {
    Npy.write(out.resolve(file), Tensor.of(values.toFloatArray(), values.getShape().getShape()));
  }
}
