package io.urrl.verify.learning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.tensor.Npy;
import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import io.urrl.gpu.nn.TensorRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the learning cases of a folder on the device and says how far each stays from its goldens,
 * in units of the tolerance that the case states for CPUs.
 *
 * <p>A device passes within {@value #DEVICE} such tolerances: they hold for float32 on any CPU, and
 * a device adds up in another order and by other algorithms (implicit products, Winograd's). TF32
 * would be hundreds.
 */
@Command(name = "golden-check", mixinStandardHelpOptions = true)
public final class GoldenCheck implements Callable<Integer> {
  private static final double DEVICE = 4;
  private static final List<String> CASES =
      List.of("resnet_forward", "infonce", "linear_probe", "moco_trace");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(names = "--cases", required = true, description = "Folder of the cases.")
  private Path cases;

  @Option(names = "--out", required = true, description = "Outputs.")
  private Path out;

  /** Prints a JSON line a case; ends with 1 when one does not pass. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new GoldenCheck()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    TensorRuntime runtime = TensorRuntime.open(1);
    double allowed = runtime.device().isGpu() ? DEVICE : 1;
    boolean passed = true;
    for (String name : CASES) {
      if (name.equals("moco_trace")) {
        MocoTrace.run(cases.resolve(name), out.resolve(name));
      } else {
        LearningCases.run(runtime, cases, name, out);
      }
      passed &= compare(name, allowed);
    }
    return passed ? 0 : 1;
  }

  private boolean compare(String name, double allowed) throws IOException {
    JsonNode sheet = JSON.readTree(cases.resolve(name).resolve("case.json").toFile());
    double worst = 0;
    String where = "";
    int compared = 0;
    for (JsonNode output : sheet.get("outputs")) {
      String file = output.get("file").asText();
      Path golden = cases.resolve(name).resolve(file);
      Path got = out.resolve(name).resolve(file);
      boolean optional = output.path("optional").asBoolean() && !Files.exists(got);
      if (!Files.exists(golden) || optional) {
        continue;
      }
      double distance =
          file.endsWith(".npy")
              ? distance(output, Npy.read(golden), Npy.read(got))
              : distance(output.get("tensors"), Safetensors.read(golden), Safetensors.read(got));
      compared++;
      if (distance > worst) {
        worst = distance;
        where = file;
      }
    }
    ObjectNode line = JSON.createObjectNode();
    line.put("case", name).put("compared", compared);
    line.put("tolerances", worst).put("allowed", allowed).put("worst", where);
    line.put("passed", compared > 0 && worst <= allowed);
    System.out.println(line);
    return compared > 0 && worst <= allowed;
  }

  private static double distance(
      JsonNode rules, Map<String, Tensor> golden, Map<String, Tensor> got) {
    double worst = 0;
    for (Map.Entry<String, Tensor> tensor : golden.entrySet()) {
      if (!tensor.getKey().endsWith("num_batches_tracked")) {
        JsonNode rule = rules.get(tensor.getKey());
        worst = Math.max(worst, distance(rule, tensor.getValue(), got.get(tensor.getKey())));
      }
    }
    return worst;
  }

  /**
   * Largest difference in units of atol + rtol·|golden|; infinite for NaN and where none is due.
   */
  private static double distance(JsonNode rule, Tensor golden, Tensor got) {
    double[] due = golden.toDoubles();
    double[] values = got.toDoubles();
    if (due.length != values.length) {
      return Double.POSITIVE_INFINITY;
    }
    double worst = 0;
    for (int i = 0; i < due.length; i++) {
      double gap = Math.abs(values[i] - due[i]);
      double unit = rule.get("atol").asDouble() + rule.get("rtol").asDouble() * Math.abs(due[i]);
      double distance = gap == 0 ? 0 : gap / unit;
      worst = Math.max(worst, Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance);
    }
    return worst;
  }
}
