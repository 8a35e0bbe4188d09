package io.urrl.gpu.nn;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

/**
 * The tensor library of this process: its device and its threads. The number of intra-op threads is
 * one for the whole process and decides the last bits of a gradient.
 *
 * @param engine DJL's engine
 * @param device where tensors live
 * @param threads intra-op threads on a CPU
 */
public record TensorRuntime(Engine engine, Device device, int threads) {

  /**
   * Loads the library. The device is the first CUDA device where library and machine have one, else
   * the CPU.
   *
   * @param threads intra-op threads, 0 for one a core
   */
  public static TensorRuntime open(int threads) {
    System.setProperty("ai.djl.offline", "true");
    Engine engine = Engine.getEngine("PyTorch");
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    if (JniUtils.getNumThreads() != count) {
      JniUtils.setNumThreads(count);
    }
    if (!cuda(engine)) {
      return new TensorRuntime(engine, Device.cpu(), count);
    }
    // Trying out algorithms would let timing decide a gradient's bits.
    JniUtils.setBenchmarkCuDNN(false);
    return new TensorRuntime(engine, Device.gpu(0), count);
  }

  private static boolean cuda(Engine engine) {
    return engine.hasCapability(StandardCapabilities.CUDA) && engine.getGpuCount() > 0;
  }

  /** The runtime of a node's worker: workers take the CUDA devices in turn. */
  public TensorRuntime ofWorker(int worker) {
    return device.isGpu()
        ? new TensorRuntime(engine, Device.gpu(worker % engine.getGpuCount()), threads)
        : this;
  }

  /** A manager for tensors on the device. */
  public NDManager newManager() {
    return engine.newBaseManager(device);
  }

  /** Device, library and threads, for people. */
  public String describe() {
    return "%s, PyTorch %s, %d threads".formatted(device, engine.getVersion(), threads);
  }
}
