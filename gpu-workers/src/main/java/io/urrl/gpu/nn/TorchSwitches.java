package io.urrl.gpu.nn;

/**
 * What a CUDA device may do to float32 numbers.
 *
 * @param deterministic the same input gives the same bits; an operator without such an algorithm
 *     fails
 * @param tf32 convolutions and products may round their factors to TF32
 */
public record TorchSwitches(boolean deterministic, boolean tf32) {
  /** Repeatable bits in full float32: what training uses. */
  public static final TorchSwitches EXACT = new TorchSwitches(true, false);

  private static final String WORKSPACE = "CUBLAS_WORKSPACE_CONFIG";

  void apply(TorchContext context) {
    if (deterministic && System.getenv(WORKSPACE) == null) {
      throw new IllegalStateException(
          WORKSPACE
              + " must be :4096:8 before the process starts, or cuBLAS does not repeat its bits;"
              + " launch/urrl sets it");
    }
    context.cudnnBenchmark(false);
    context.deterministic(deterministic);
    context.tf32(tf32);
  }

  @Override
  public String toString() {
    return (deterministic ? "deterministic" : "not deterministic") + (tf32 ? ", TF32" : "");
  }
}
