package io.urrl.launch.command.doctor;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.urrl.actors.simd.VectorWidth;
import io.urrl.actors.stream.SocketBuffers;
import io.urrl.augment.image.PictureDecoder;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.gpu.nn.TensorRuntime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Looks at the machine, one thing after the other. */
public final class Checkup {
  private static final double GIB = 1L << 30;
  private static final long SHARED_NEEDED = 256L << 20;
  private static final long MEMORY_NEEDED = 4L << 30;

  /** MiB of the blocks that are held at a time, as activations of a network's stages are. */
  private static final List<Integer> BLOCKS = List.of(8, 8, 4, 4, 2, 2, 1, 1);

  private static final long FLOATS_PER_MEBIBYTE = (1 << 20) / Float.BYTES;
  private static final long PAGES_PER_MEBIBYTE = (1 << 20) / 4096;
  private static final int REPEATS = 4;
  private static final String TUNING = "MALLOC_TRIM_THRESHOLD_";

  private Checkup() {}

  /** All findings, in the order in which a run would meet what they are about. */
  public static List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(processor(ProcFiles.lines("/proc/cpuinfo")));
    findings.add(memory(ProcFiles.lines("/proc/meminfo")));
    findings.add(heap());
    findings.add(shared(Path.of("/dev/shm")));
    findings.add(sockets(SocketBuffers.granted()));
    findings.add(kernels());
    findings.add(jpeg());
    tensors(findings);
    return findings;
  }

  private static Finding java() {
    String text = Runtime.version() + " at " + System.getProperty("java.home");
    List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
    boolean vectors = flags.stream().anyMatch(flag -> flag.contains("jdk.incubator.vector"));
    return vectors
        ? Finding.ok("java", text)
        : Finding.fail("java", text + " without the JVM flags; start through launch/urrl");
  }

  static Finding processor(List<String> cpuinfo) {
    String model = ProcFiles.processor(cpuinfo, "model name").orElse("unknown model");
    List<String> units = ProcFiles.vectorUnits(ProcFiles.processor(cpuinfo, "flags").orElse(""));
    String text =
        "%d cores, %s, vector units: %s"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                model,
                units.isEmpty() ? "none known" : String.join(" ", units));
    return units.isEmpty()
        ? Finding.warn("processor", text + "; views and tensors will be slow")
        : Finding.ok("processor", text);
  }

  static Finding memory(List<String> meminfo) {
    long total = ProcFiles.memory(meminfo, "MemTotal").orElse(0L);
    long free = ProcFiles.memory(meminfo, "MemAvailable").orElse(0L);
    String text = String.format(Locale.ROOT, "%.1f of %.1f GiB free", free / GIB, total / GIB);
    return free >= MEMORY_NEEDED
        ? Finding.ok("memory", text)
        : Finding.warn("memory", text + "; the default job wants 4 GiB");
  }

  private static Finding heap() {
    return Finding.ok(
        "heap",
        String.format(
            Locale.ROOT,
            "at most %.1f GiB (URRL_JAVA_OPTS=-Xmx4g for more)",
            Runtime.getRuntime().maxMemory() / GIB));
  }

  static Finding shared(Path place) {
    try {
      FileStore store = Files.getFileStore(place);
      String text =
          String.format(
              Locale.ROOT,
              "%s: %.2f of %.2f GiB free",
              place,
              store.getUsableSpace() / GIB,
              store.getTotalSpace() / GIB);
      return store.getUsableSpace() >= SHARED_NEEDED
          ? Finding.ok("shared memory", text)
          : Finding.warn(
              "shared memory", text + "; streams want 256 MiB (in a container: --shm-size=1g)");
    } catch (IOException e) {
      return Finding.warn(
          "shared memory", place + " is not there; streams use the temporary directory instead");
    }
  }

  /**
   * Between hosts a sender is no further ahead than its receivers' socket buffers.
   *
   * @param granted bytes that the kernel grants a UDP socket
   */
  static Finding sockets(int granted) {
    String text = "UDP buffers of %,d KiB".formatted(granted >> 10);
    return granted >= SocketBuffers.WANTED
        ? Finding.ok("sockets", text)
        : Finding.warn(
            "sockets",
            "%s; streams between hosts want %d KiB (sysctl -w net.core.rmem_max=%d net.core.wmem_max=%d)"
                .formatted(
                    text, SocketBuffers.WANTED >> 10, SocketBuffers.WANTED, SocketBuffers.WANTED));
  }

  /** The widths of the table, or what overrides them. */
  private static Finding kernels() {
    try {
      return KernelSet.chosen() == KernelSet.VECTOR
          ? Finding.ok(
              "kernels",
              "vectors of %s (the processor has %d; -D%s=256|512 overrides)"
                  .formatted(VectorWidth.describe(), VectorWidth.most(), VectorWidth.PROPERTY))
          : Finding.warn("kernels", "plain loops, several times slower than vectors");
    } catch (IllegalArgumentException e) {
      return Finding.fail("kernels", e.getMessage());
    }
  }

  private static Finding jpeg() {
    return PictureDecoder.usesSystemJpeg()
        ? Finding.ok("jpeg", "the system's TurboJPEG")
        : Finding.warn(
            "jpeg",
            "the bundled libjpeg-turbo; the system's TurboJPEG takes two thirds of its time"
                + " (Debian: apt install libturbojpeg0)");
  }

  private static void tensors(List<Finding> findings) {
    try {
      TensorRuntime runtime = TensorRuntime.open(0);
      findings.add(Finding.ok("tensors", runtime.describe()));
      findings.add(allocator(runtime));
    } catch (EngineException | UnsatisfiedLinkError e) {
      findings.add(
          Finding.fail(
              "tensors", "PyTorch cannot be loaded: " + e.getMessage() + "; remove ~/.djl.ai"));
    }
  }

  /** Whether blocks that were given back must be faulted in anew when asked for again. */
  private static Finding allocator(TensorRuntime runtime) {
    try {
      for (int i = 0; i < REPEATS; i++) {
        takeAndGiveBack(runtime);
      }
      long before = ProcFiles.minorFaults();
      for (int i = 0; i < REPEATS; i++) {
        takeAndGiveBack(runtime);
      }
      long faults = (ProcFiles.minorFaults() - before) / REPEATS;
      long pages = BLOCKS.stream().mapToLong(mebibytes -> mebibytes * PAGES_PER_MEBIBYTE).sum();
      String text = "%,d page faults for %,d pages used again".formatted(faults, pages);
      return faults < pages / 10
          ? Finding.ok("allocator", text)
          : Finding.warn("allocator", text + allocatorRemedy(System.getenv(TUNING) != null));
    } catch (IOException e) {
      return Finding.warn("allocator", "page faults cannot be counted: " + e.getMessage());
    }
  }

  private static String allocatorRemedy(boolean tuned) {
    return tuned
        ? "; the tuning does not help here, URRL_MALLOC=default leaves it out"
        : "; start through launch/urrl with URRL_MALLOC unset";
  }

  private static void takeAndGiveBack(TensorRuntime runtime) {
    try (NDManager manager = runtime.newManager()) {
      for (int mebibytes : BLOCKS) {
        manager.ones(new Shape(mebibytes * FLOATS_PER_MEBIBYTE));
      }
    }
  }
}
