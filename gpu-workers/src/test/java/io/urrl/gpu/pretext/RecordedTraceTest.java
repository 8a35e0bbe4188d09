package io.urrl.gpu.pretext;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.urrl.actors.objective.Moco;
import io.urrl.actors.tensor.Npy;
import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.gpu.Golden;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.gpu.nn.TensorRuntime;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * The recorded pre-training with a replica and, around it, SGD, the key encoder's average, the
 * queue and running statistics in plain double loops: whatever differs is the replica's.
 */
class RecordedTraceTest {
  private static final String LABEL = "m0900";
  private static final double KEY_MOMENTUM = 0.9;

  private final Golden golden = new Golden("moco_trace");
  private final JsonNode hyper = golden.hyper();
  private final EncoderSpec spec = spec(hyper.get("net"));
  private final TensorLayout layout = spec.parameters();
  private final int micro = number("micro_batch");
  private final int batch = number("global_batch");
  private final int groups = number("bn_groups");
  private final int rows = number("queue");
  private final int dim = number("dim");
  private final double[] velocity = new double[(int) layout.size()];
  private final double[] queryStatistics = new double[(int) spec.buffers().size()];
  private final double[] keyStatistics = queryStatistics.clone();
  private final Map<String, List<Double>> log = new LinkedHashMap<>();
  private int pointer;

  RecordedTraceTest() throws IOException {}

  private static EncoderSpec spec(JsonNode net) {
    JsonNode head = net.get("head");
    return EncoderSpec.moco(
        "resnet18",
        net.get("width").asInt(),
        net.get("stem").asText(),
        head.get(0).asInt(),
        head.get(1).asInt());
  }

  private int number(String name) {
    return hyper.get(name).asInt();
  }

  @Test
  void everyStepAgreesWithPyTorch() throws IOException {
    Map<String, Tensor> initial = Safetensors.read(golden.file("initial.safetensors"));
    MemorySegment running = Arena.ofAuto().allocate(spec.buffers().byteSize());
    spec.buffers().scatter(initial, running);
    for (int i = 0; i < queryStatistics.length; i++) {
      queryStatistics[i] = get(running, i);
      keyStatistics[i] = get(running, i);
    }
    MemorySegment queryViews = Npy.read(golden.file("views_q.npy")).data();
    MemorySegment keyViews = Npy.read(golden.file("views_k.npy")).data();
    int size = number("image_size");
    long viewBytes = 3L * size * size * micro;
    float temperature = (float) hyper.get("temperature").asDouble();
    try (MocoReplica replica =
        new MocoReplica(TensorRuntime.open(1), spec, micro, size, groups, rows, temperature)) {
      layout.scatter(initial, replica.parameters());
      replica.momentumEncoder().copyFrom(replica.parameters());
      fillQueue(replica.companion(Moco.QUEUE));
      int perStep = batch / micro;
      for (int step = 0; step < number("steps"); step++) {
        if (step > 0) {
          follow(replica);
        }
        summarise("key", replica.momentumEncoder());
        double[] gradient = new double[velocity.length];
        float[][] keys = new float[perStep][];
        for (int m = 0; m < perStep; m++) {
          long at = ((long) step * perStep + m) * viewBytes;
          MicroBatchResult result =
              replica.run(
                  List.of(queryViews.asSlice(at, viewBytes), keyViews.asSlice(at, viewBytes)));
          assertTrue(result.finite());
          keep("micro_loss", result.loss());
          keys[m] = result.contribution(Moco.QUEUE).toArray(ValueLayout.JAVA_FLOAT);
          advance(
              result.contribution(Moco.QUERY_STATISTICS), result.contribution(Moco.KEY_STATISTICS));
          add(result, gradient, perStep);
        }
        double rate = 0.5 * (1 + Math.cos(Math.PI * step / number("steps")));
        descend(replica, gradient, hyper.get("lr").asDouble() * rate);
        summarise("query", replica.parameters());
        for (float[] rowsOfOne : keys) {
          enqueue(replica.companion(Moco.QUEUE), rowsOfOne);
        }
      }
      for (String name : log.keySet()) {
        golden.assertClose(
            LABEL + "_" + name + ".npy",
            log.get(name).stream().mapToDouble(Double::doubleValue).toArray());
      }
      golden.assertClose(LABEL + "_queue.npy", doubles(replica.companion(Moco.QUEUE)));
      golden.assertClose(
          LABEL + "_final_query.safetensors", named(replica.parameters(), queryStatistics));
      follow(replica);
      golden.assertClose(
          LABEL + "_final_key_followed.safetensors",
          named(replica.momentumEncoder(), keyStatistics));
    }
  }

  private void fillQueue(MemorySegment queue) throws IOException {
    double[] raw = Npy.read(golden.file("queue_init.npy")).toDoubles();
    for (int row = 0; row < rows; row++) {
      double squares = 0;
      for (int i = row * dim; i < (row + 1) * dim; i++) {
        squares += raw[i] * raw[i];
      }
      for (int i = row * dim; i < (row + 1) * dim; i++) {
        set(queue, i, raw[i] / Math.sqrt(squares));
      }
    }
  }

  private static void follow(MocoReplica replica) {
    MemorySegment key = replica.momentumEncoder();
    MemorySegment query = replica.parameters();
    for (long i = 0; i < key.byteSize() / Float.BYTES; i++) {
      set(key, i, KEY_MOMENTUM * get(key, i) + (1 - KEY_MOMENTUM) * get(query, i));
    }
  }

  /** Running statistics see every pass, in order. */
  private void advance(MemorySegment ofQueries, MemorySegment ofKeys) {
    int length = queryStatistics.length;
    for (int pass = 0; pass < groups; pass++) {
      for (int i = 0; i < length; i++) {
        double query = get(ofQueries, (long) pass * length + i);
        double key = get(ofKeys, (long) pass * length + i);
        queryStatistics[i] = 0.9 * queryStatistics[i] + 0.1 * query;
        keyStatistics[i] = 0.9 * keyStatistics[i] + 0.1 * key;
      }
    }
  }

  private static void add(MicroBatchResult result, double[] gradient, int parts) {
    UnsafeBuffer bytes = new UnsafeBuffer(ByteBuffer.allocateDirect(gradient.length * Float.BYTES));
    result.copyGradient(0, bytes, 0, bytes.capacity());
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] += bytes.getFloat(i * Float.BYTES) / parts;
    }
  }

  private void descend(MocoReplica replica, double[] gradient, double rate) {
    for (TensorLayout.Entry entry : layout.entries()) {
      double squares = 0;
      for (long i = entry.offset(); i < entry.offset() + entry.length(); i++) {
        squares += gradient[(int) i] * gradient[(int) i];
      }
      keep("grad_norm", Math.sqrt(squares));
    }
    MemorySegment query = replica.parameters();
    for (int i = 0; i < velocity.length; i++) {
      double value = get(query, i);
      velocity[i] = 0.9 * velocity[i] + gradient[i] + 1e-4 * value;
      set(query, i, value - rate * velocity[i]);
    }
  }

  private void enqueue(MemorySegment queue, float[] keys) {
    for (int i = 0; i < keys.length; i++) {
      set(queue, pointer * (long) dim + i, keys[i]);
    }
    pointer = (pointer + keys.length / dim) % rows;
  }

  private void summarise(String prefix, MemorySegment flat) {
    for (TensorLayout.Entry entry : layout.entries()) {
      double squares = 0;
      for (long i = 0; i < Math.max(8, entry.length()); i++) {
        double value = i < entry.length() ? get(flat, entry.offset() + i) : 0;
        squares += value * value;
        if (i < 8) {
          keep(prefix + "_first8", value);
        }
      }
      keep(prefix + "_norm", Math.sqrt(squares));
    }
  }

  private void keep(String name, double value) {
    log.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  private Map<String, Tensor> named(MemorySegment parameters, double[] statistics) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    cut(layout, doubles(parameters), tensors);
    cut(spec.buffers(), statistics, tensors);
    return tensors;
  }

  private static void cut(TensorLayout layout, double[] flat, Map<String, Tensor> tensors) {
    for (TensorLayout.Entry entry : layout.entries()) {
      float[] values = new float[(int) entry.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) flat[(int) entry.offset() + i];
      }
      tensors.put(entry.name(), Tensor.of(values, values.length));
    }
  }

  private static double[] doubles(MemorySegment flat) {
    double[] values = new double[(int) (flat.byteSize() / Float.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = get(flat, i);
    }
    return values;
  }

  private static double get(MemorySegment flat, long index) {
    return flat.get(Tensor.FLOAT, index * Float.BYTES);
  }

  private static void set(MemorySegment flat, long index, double value) {
    flat.set(Tensor.FLOAT, index * Float.BYTES, (float) value);
  }
}
