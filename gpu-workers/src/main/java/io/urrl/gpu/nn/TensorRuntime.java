package io.urrl.gpu.nn;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

/**
 * The tensor library of this process: its device, threads and instructions. The number of intra-op
 * threads and the instruction set are one for the whole process and decide the last bits of a
 * gradient.
 *
 * @param engine DJL's engine
 * @param device where tensors live
 * @param devices CUDA devices of this process, 0 on a CPU
 * @param threads intra-op threads on a CPU
 * @param instructions that a CPU computes with
 * @param switches of a CUDA device
 */
public record TensorRuntime(
    Engine engine,
    Device device,
    int devices,
    int threads,
    CpuInstructions instructions,
    TorchSwitches switches) {

  /**
   * Loads the library. The device is the first CUDA device where library and machine have one, else
   * the CPU. A CUDA device repeats its bits and does not use TF32.
   *
   * @param threads intra-op threads, 0 for one a core
   */
  public static TensorRuntime open(int threads) {
    return open(threads, CpuInstructions.AUTO);
  }

  /**
   * As {@link #open(int)}, with an instruction set.
   *
   * @param isa one of {@link CpuInstructions#names}
   */
  public static TensorRuntime open(int threads, String isa) {
    return open(threads, CpuInstructions.named(isa), TorchSwitches.EXACT);
  }

  /**
   * As {@link #open(int)}, with other switches of a CUDA device. They hold for the whole process.
   */
  public static TensorRuntime open(
      int threads, CpuInstructions instructions, TorchSwitches switches) {
    instructions.apply();
    System.setProperty("ai.djl.offline", "true");
    Engine engine = Engine.getEngine("PyTorch");
    int count = resolvedThreads(threads);
    setThreads(count);
    if (!engine.hasCapability(StandardCapabilities.CUDA)) {
      return new TensorRuntime(engine, Device.cpu(), 0, count, instructions, switches);
    }
    // DJL counts devices with a CUDA runtime of its own finding; libtorch has one already.
    TorchContext context = TorchContext.ofProcess();
    switches.apply(context);
    return new TensorRuntime(
        engine, Device.gpu(0), context.cudaDevices(), count, instructions, switches);
  }

  /** The number of threads that {@code 0} stands for on this machine, or that is given. */
  public static int resolvedThreads(int threads) {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  private static void setThreads(int count) {
    if (JniUtils.getNumThreads() != count) {
      JniUtils.setNumThreads(count);
    }
  }

  /**
   * The same with another number of threads, which the whole process has from now on.
   *
   * @param count intra-op threads, 0 for one a core
   */
  public TensorRuntime withThreads(int count) {
    int resolved = resolvedThreads(count);
    setThreads(resolved);
    return new TensorRuntime(engine, device, devices, resolved, instructions, switches);
  }

  /** The runtime of a node's worker: workers take the CUDA devices in turn. */
  public TensorRuntime ofWorker(int worker) {
    return device.isGpu()
        ? new TensorRuntime(
            engine, Device.gpu(worker % devices), devices, threads, instructions, switches)
        : this;
  }

  /** A manager for tensors on the device. */
  public NDManager newManager() {
    return engine.newBaseManager(device);
  }

  /** Device, library and threads, for people. */
  public String describe() {
    String text = "%s, PyTorch %s, %d threads".formatted(device, engine.getVersion(), threads);
    return text + ", " + (device.isGpu() ? switches : instructions.key());
  }
}
