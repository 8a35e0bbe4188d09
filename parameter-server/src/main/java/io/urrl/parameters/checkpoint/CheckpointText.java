package io.urrl.parameters.checkpoint;

import io.urrl.actors.tensor.ElementType;
import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A checkpoint as text for people. */
final class CheckpointText {
  private CheckpointText() {}

  static String of(Path checkpoint, CheckpointState state) throws IOException {
    StringBuilder text = new StringBuilder();
    line(text, "checkpoint", checkpoint.toString());
    line(text, "step", state.step() + " (version " + state.version() + ")");
    line(text, "architecture", state.architecture());
    line(text, "written by", state.product());
    state.plan().forEach((name, value) -> line(text, name, value));
    for (String file : StateFile.read(checkpoint).files().keySet()) {
      try (Arena arena = Arena.ofConfined()) {
        file(text, file, Safetensors.read(checkpoint.resolve(file), arena).tensors());
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-14s %s%n", name, value));
  }

  private static void file(StringBuilder text, String file, Map<String, Tensor> tensors) {
    StringBuilder rows = new StringBuilder();
    long elements = 0;
    long bytes = 0;
    double squares = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      bytes += tensor.data().byteSize();
      if (tensor.type() != ElementType.F32) {
        row(rows, entry.getKey(), tensor, tensor.toLongs()[0] + "");
        continue;
      }
      double square = squares(tensor);
      elements += tensor.elements();
      squares += square;
      row(rows, entry.getKey(), tensor, norm(square));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%n%s: %d tensors, %,d values, %.1f MB, norm %s%n",
            file,
            tensors.size(),
            elements,
            bytes / 1e6,
            norm(squares)));
    text.append(rows);
  }

  private static void row(StringBuilder rows, String name, Tensor tensor, String value) {
    rows.append(
        String.format(
            Locale.ROOT,
            "  %-44s %-4s %-20s %s%n",
            name,
            tensor.type(),
            tensor.shape().toString().replace(" ", ""),
            value));
  }

  private static double squares(Tensor tensor) {
    double sum = 0;
    for (long at = 0; at < tensor.data().byteSize(); at += Float.BYTES) {
      double value = tensor.data().get(Tensor.FLOAT, at);
      sum += value * value;
    }
    return sum;
  }

  private static String norm(double squares) {
    return String.format(Locale.ROOT, "%.6g", Math.sqrt(squares));
  }
}
