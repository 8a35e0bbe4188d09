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
 * @param devices CUDA devices of this process, 0 on a CPU
 * @param threads intra-op threads on a CPU
 * @param switches of a CUDA device
 */
public record TensorRuntime(
    Engine engine, Device device, int devices, int threads, TorchSwitches switches) {

  /**
   * Loads the library. The device is the first CUDA device where library and machine have one, else
   * the CPU. A CUDA device repeats its bits and does not use TF32.
   *
   * @param threads intra-op threads, 0 for one a core
   */
  public static TensorRuntime open(int threads) {
    return open(threads, TorchSwitches.EXACT);
  }

  /**
   * As {@link #open(int)}, with other switches of a CUDA device. They hold for the whole process.
   */
  public static TensorRuntime open(int threads, TorchSwitches switches) {
    System.setProperty("ai.djl.offline", "true");
    Engine engine = Engine.getEngine("PyTorch");
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    if (JniUtils.getNumThreads() != count) {
      JniUtils.setNumThreads(count);
    }
    if (!engine.hasCapability(StandardCapabilities.CUDA)) {
      return new TensorRuntime(engine, Device.cpu(), 0, count, switches);
    }
    // DJL counts devices with a CUDA runtime of its own finding; libtorch has one already.
    TorchContext context = TorchContext.ofProcess();
    switches.apply(context);
    return new TensorRuntime(engine, Device.gpu(0), context.cudaDevices(), count, switches);
  }

  /** The runtime of a node's worker: workers take the CUDA devices in turn. */
  public TensorRuntime ofWorker(int worker) {
    return device.isGpu()
        ? new TensorRuntime(engine, Device.gpu(worker % devices), devices, threads, switches)
        : this;
  }

  /** A manager for tensors on the device. */
  public NDManager newManager() {
    return engine.newBaseManager(device);
  }

  /** Device, library and threads, for people. */
  public String describe() {
    String text = "%s, PyTorch %s, %d threads".formatted(device, engine.getVersion(), threads);
    return device.isGpu() ? text + ", " + switches : text;
  }
}
