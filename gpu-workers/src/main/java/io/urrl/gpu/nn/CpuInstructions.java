package io.urrl.gpu.nn;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The instruction set that the tensor library computes with on a CPU. Left to itself the library
 * takes the widest that the processor has, and a convolution's last bits depend on it.
 *
 * <p>libtorch's own kernels, oneDNN and MKL read the choice from environment variables when they
 * are loaded, so it is set before that, once for a process.
 */
public enum CpuInstructions {
  /** 256 bits: any x86-64 server of the last ten years. */
  AVX2("avx2 fma", "avx2", "AVX2", "AVX2"),

  /** 512 bits, float32 arithmetic only. */
  AVX512("avx512f avx512bw avx512vl avx512dq", "avx512", "AVX512_CORE", "AVX512");

  /** The name that leaves the choice to the machine that a run begins on. */
  public static final String AUTO = "auto";

  private static final MethodHandle SETENV = setenv();
  private static CpuInstructions applied;

  private final String flags;
  private final String aten;
  private final String oneDnn;
  private final String mkl;

  /**
   * @param flags of the processor, as the kernel names them
   * @param aten value for libtorch's own kernels
   * @param oneDnn value for oneDNN
   * @param mkl value for MKL
   */
  CpuInstructions(String flags, String aten, String oneDnn, String mkl) {
    this.flags = flags;
    this.aten = aten;
    this.oneDnn = oneDnn;
    this.mkl = mkl;
  }

  /** The name in settings. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All names that settings may give. */
  public static List<String> names() {
    return List.of(AUTO, AVX2.key(), AVX512.key());
  }

  /**
   * The instruction set of a name in settings.
   *
   * @param name one of {@link #names}; {@link #AUTO} is the widest that this processor has
   * @throws IllegalArgumentException for another name, and for a set that this processor lacks
   */
  public static CpuInstructions named(String name) {
    if (name.equals(AUTO)) {
      return AVX512.isHere() ? AVX512 : AVX2;
    }
    CpuInstructions named =
        Arrays.stream(values())
            .filter(value -> value.key().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "workers.tensor-isa %s is unknown: give %s"
                            .formatted(name, String.join(", ", names()))));
    if (!named.isHere()) {
      throw new IllegalArgumentException(
          "workers.tensor-isa is %s and this machine's processor lacks it; run on one that has it, begin a run with workers.tensor-isa=%s, which all have, or go on with other bits: --set workers.tensor-isa=%s --set train.exact=relaxed"
              .formatted(name, AVX2.key(), AVX2.key()));
    }
    return named;
  }

  /** Whether this processor has it. */
  public boolean isHere() {
    return processorFlags().containsAll(List.of(flags.split(" ", -1)));
  }

  /**
   * Makes the tensor library use it, which must not be loaded yet, whatever the environment says:
   * processes that this one starts inherit the variables.
   *
   * @throws IllegalStateException when the process has begun with another one
   */
  void apply() {
    synchronized (CpuInstructions.class) {
      if (applied == null) {
        set("ATEN_CPU_CAPABILITY", aten);
        set("ONEDNN_MAX_CPU_ISA", oneDnn);
        set("MKL_ENABLE_INSTRUCTIONS", mkl);
        applied = this;
      } else if (applied != this) {
        throw new IllegalStateException(
            "the tensor library of this process computes with %s already, not %s"
                .formatted(applied.key(), key()));
      }
    }
  }

  private static void set(String name, String value) {
    try (Arena arena = Arena.ofConfined()) {
      int failed = (int) SETENV.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
      if (failed != 0) {
        throw new IllegalStateException("setenv " + name + " failed");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle setenv() {
    Linker linker = Linker.nativeLinker();
    SymbolLookup libc = linker.defaultLookup();
    MemorySegment address = libc.find("setenv").orElseThrow();
    return linker.downcallHandle(
        address,
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
  }

  private static Set<String> processorFlags() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Arrays.stream(line.split("\\s+", -1)).collect(Collectors.toSet()))
          .orElse(Set.of());
    } catch (IOException e) {
      return Set.of();
    }
  }
}
