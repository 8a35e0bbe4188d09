package io.urrl.augment.kernel;

/**
 * The matrix of an affine transform: output point (x, y) reads input (a x + b y + c, d x + e y +
 * f). One is filled again for every transform, which keeps views free of allocation.
 */
public final class Affine {
  double a;
  double b;
  double c;
  double d;
  double e;
  double f;

  /** Takes six new numbers. */
  public Affine set(double a, double b, double c, double d, double e, double f) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
    this.e = e;
    this.f = f;
    return this;
  }
}
