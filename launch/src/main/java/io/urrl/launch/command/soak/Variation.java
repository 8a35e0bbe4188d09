package io.urrl.launch.command.soak;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One way in which a run differs from the plain one, which has the launcher's heap and allocator,
 * one tensor thread, one GPU worker, one augment worker and streams in shared memory.
 */
enum Variation {
  DEFAULT("default", "", ""),
  /** Dozens of garbage collections in a run of a few steps. */
  SMALL_YOUNG("small-young", "-Xmn8m", ""),
  /** Also takes the tuning of the C library's allocator out of the environment. */
  SYSTEM_ALLOCATOR("system-allocator", "", ""),
  TENSOR_THREADS_2("tensor-threads-2", "", Plan.TENSOR_THREADS + "=2"),
  GPU_WORKERS_2("gpu-workers-2", "", "workers.gpu=2"),
  AUGMENT_WORKERS_2("augment-workers-2", "", "workers.augment=2"),
  UDP("udp", "", "stream.mode=udp");

  private final String title;
  private final String jvmFlag;
  private final String setting;

  Variation(String title, String jvmFlag, String setting) {
    this.title = title;
    this.jvmFlag = jvmFlag;
    this.setting = setting;
  }

  /** Name on the command line. */
  String title() {
    return title;
  }

  /** What it adds to the JVM's flags. */
  List<String> jvmFlags() {
    return jvmFlag.isEmpty() ? List.of() : List.of(jvmFlag);
  }

  /** What it sets, as keys of {@code cluster.conf}. */
  Map<String, String> settings() {
    int at = setting.indexOf('=');
    return at < 0 ? Map.of() : Map.of(setting.substring(0, at), setting.substring(at + 1));
  }

  static Optional<Variation> named(String title) {
    return Arrays.stream(values()).filter(one -> one.title.equals(title)).findFirst();
  }
}
