package io.urrl.gpu.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.urrl.actors.tensor.TensorLayout;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named tensors over one flat float32 buffer. On a CPU they alias it: what is written to the buffer
 * is what the network reads. On another device they are copies of what stood there when they were
 * made, and {@link #copyTo} brings back what the network wrote.
 */
public final class Weights {
  private final Map<String, NDArray> tensors;

  private Weights(Map<String, NDArray> tensors) {
    this.tensors = tensors;
  }

  /**
   * Tensors over {@code flat}, owned by {@code manager}.
   *
   * @param gradients whether a backward pass leaves gradients at them
   */
  public static Weights over(
      NDManager manager, TensorLayout layout, MemorySegment flat, boolean gradients) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    for (TensorLayout.Entry entry : layout.entries()) {
      NDArray tensor = tensor(manager, entry, flat);
      if (gradients) {
        tensor.setRequiresGradient(true);
      }
      tensors.put(entry.name(), tensor);
    }
    return new Weights(tensors);
  }

  private static NDArray tensor(NDManager manager, TensorLayout.Entry entry, MemorySegment flat) {
    MemorySegment part = flat.asSlice(entry.offset() * Float.BYTES, entry.length() * Float.BYTES);
    Shape shape = new Shape(entry.shape().stream().mapToLong(Integer::longValue).toArray());
    return manager.create(part.asByteBuffer(), shape, DataType.FLOAT32);
  }

  /** The tensor of this name. */
  public NDArray get(String name) {
    NDArray tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("there is no tensor " + name);
    }
    return tensor;
  }

  /** Writes the tensors to a flat buffer of their layout; nothing to do where they alias it. */
  public void copyTo(TensorLayout layout, MemorySegment flat) {
    for (TensorLayout.Entry entry : layout.entries()) {
      NDArray tensor = get(entry.name());
      if (tensor.getDevice().isGpu()) {
        flat.asSlice(entry.offset() * Float.BYTES, entry.length() * Float.BYTES)
            .copyFrom(MemorySegment.ofBuffer(tensor.toByteBuffer()));
      }
    }
  }

  /** All tensors in the layout's order. */
  public Iterable<NDArray> all() {
    return tensors.values();
  }
}
