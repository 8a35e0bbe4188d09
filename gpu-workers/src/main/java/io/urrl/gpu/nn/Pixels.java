package io.urrl.gpu.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Turns bytes into what the network expects: (u/255 − mean)/std with ImageNet's constants. */
public final class Pixels {
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

  private final NDArray white;
  private final NDArray mean;
  private final NDArray deviation;

  /** Constants on the device of {@code manager}. */
  public Pixels(NDManager manager) {
    white = Scalars.of(manager, 255);
    mean = manager.create(MEAN, new Shape(1, 3, 1, 1));
    deviation = manager.create(DEVIATION, new Shape(1, 3, 1, 1));
  }

  /**
   * @param pictures uint8 [n, 3, height, width]
   * @return float32 of the same shape
   */
  public NDArray normalise(NDArray pictures) {
    return pictures.toType(DataType.FLOAT32, true).divi(white).subi(mean).divi(deviation);
  }
}
