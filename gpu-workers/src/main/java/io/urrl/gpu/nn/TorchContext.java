package io.urrl.gpu.nn;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * libtorch's process-wide settings ({@code at::globalContext()}) that DJL does not offer, called by
 * their C++ names through the foreign-function interface. DJL must have loaded libtorch before.
 *
 * <p>Every method throws {@link UnsatisfiedLinkError} where the loaded libtorch does not export
 * what it needs.
 */
public final class TorchContext {
  private static final String CONTEXT = "_ZN2at13globalContextEv";
  private static final String DEVICES = "_ZN5torch4cuda12device_countEv";
  private static final String SET_DETERMINISTIC = "_ZN2at7Context26setDeterministicAlgorithmsEbb";
  private static final String GET_DETERMINISTIC = "_ZNK2at7Context23deterministicAlgorithmsEv";
  private static final String SET_FILL =
      "_ZN2at7Context39setDeterministicFillUninitializedMemoryEb";
  private static final String SET_BENCHMARK = "_ZN2at7Context17setBenchmarkCuDNNEb";
  private static final String SET_TF32_CUDNN = "_ZN2at7Context17setAllowTF32CuDNNEb";
  private static final String SET_TF32_CUBLAS = "_ZN2at7Context18setAllowTF32CuBLASEb";

  private static final FunctionDescriptor SETTER =
      FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_BOOLEAN);

  private final SymbolLookup symbols = SymbolLookup.loaderLookup();
  private final MemorySegment context;

  private TorchContext() {
    context = (MemorySegment) call(function(CONTEXT, FunctionDescriptor.of(ValueLayout.ADDRESS)));
  }

  /** The context of the libtorch that this process has loaded. */
  public static TorchContext ofProcess() {
    return new TorchContext();
  }

  /** CUDA devices that libtorch can use; 0 where it was built for the CPU. */
  public int cudaDevices() {
    Object count = call(function(DEVICES, FunctionDescriptor.of(ValueLayout.JAVA_LONG)));
    return Math.toIntExact((long) count);
  }

  /** Whether operators must use deterministic algorithms. */
  public boolean deterministic() {
    MethodHandle getter =
        function(
            GET_DETERMINISTIC,
            FunctionDescriptor.of(ValueLayout.JAVA_BOOLEAN, ValueLayout.ADDRESS));
    return (boolean) call(getter, context);
  }

  /**
   * Makes operators use deterministic algorithms, and fail where they have none. Memory that an
   * operator is about to write stays as it is, where libtorch would fill it with NaN first.
   */
  public void deterministic(boolean on) {
    MethodHandle setter =
        function(
            SET_DETERMINISTIC,
            FunctionDescriptor.ofVoid(
                ValueLayout.ADDRESS, ValueLayout.JAVA_BOOLEAN, ValueLayout.JAVA_BOOLEAN));
    call(setter, context, on, false);
    call(function(SET_FILL, SETTER), context, false);
  }

  /** Whether cuDNN chooses algorithms by timing them, which lets timing decide a result's bits. */
  public void cudnnBenchmark(boolean on) {
    call(function(SET_BENCHMARK, SETTER), context, on);
  }

  /** Whether float32 convolutions and products may round their factors to TF32's 10 bits. */
  public void tf32(boolean on) {
    call(function(SET_TF32_CUDNN, SETTER), context, on);
    call(function(SET_TF32_CUBLAS, SETTER), context, on);
  }

  private MethodHandle function(String name, FunctionDescriptor shape) {
    MemorySegment address =
        symbols
            .find(name)
            .orElseThrow(
                () -> new UnsatisfiedLinkError("the loaded libtorch does not export " + name));
    return Linker.nativeLinker().downcallHandle(address, shape);
  }

  private static Object call(MethodHandle function, Object... arguments) {
    try {
      return function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("a function of libtorch cannot be called", e);
    }
  }
}
