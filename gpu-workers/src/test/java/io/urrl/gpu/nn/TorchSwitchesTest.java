package io.urrl.gpu.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TorchSwitchesTest {
  private final TorchContext context;

  TorchSwitchesTest() {
    TensorRuntime.open(1);
    context = TorchContext.ofProcess();
  }

  @AfterEach
  void reset() {
    context.deterministic(false);
  }

  @Test
  void theyReachTheLibrary() {
    new TorchSwitches(false, true).apply(context);
    assertFalse(context.deterministic());
    if (System.getenv("CUBLAS_WORKSPACE_CONFIG") == null) {
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> TorchSwitches.EXACT.apply(context));
      assertTrue(refused.getMessage().contains("CUBLAS_WORKSPACE_CONFIG must be :4096:8"));
      assertFalse(context.deterministic());
    } else {
      TorchSwitches.EXACT.apply(context);
      assertTrue(context.deterministic());
    }
  }

  @Test
  void peopleReadThem() {
    assertEquals("deterministic", TorchSwitches.EXACT.toString());
    assertEquals("not deterministic, TF32", new TorchSwitches(false, true).toString());
  }
}
