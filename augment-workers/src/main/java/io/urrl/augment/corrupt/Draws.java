package io.urrl.augment.corrupt;

import io.urrl.actors.random.Philox;
import io.urrl.actors.simd.VectorWidth;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Arrays of random numbers. A normal number is a function of one uniform number (the inverse of the
 * distribution, algorithm AS 241 of Wichura, Applied Statistics 37, 1988; relative error about
 * 1e-16), so that what is drawn does not depend on what was drawn before it.
 */
final class Draws {
  private static final VectorSpecies<Double> SPECIES = VectorWidth.NORMAL.doubles();
  private static final double CENTRAL = 0.425;
  private static final double CENTRAL_SQUARED = 0.180625;
  private static final double FAR_TAIL = 5;
  private static final double TAIL_SHIFT = 1.6;
  private static final double HALF_STEP = 0x1.0p-54;

  private static final double[] A = {
    3.3871328727963665, 133.14166789178438, 1971.5909503065513,
    13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227
  };
  private static final double[] B = {
    1.0,
    42.31333070160091,
    687.1870074920579,
    5394.196021424751,
    21213.794301586597,
    39307.89580009271,
    28729.085735721943,
    5226.495278852854
  };
  private static final double[] C = {
    1.4234371107496835, 4.630337846156546, 5.769497221460691,
    3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
    0.022723844989269184, 0.0007745450142783414
  };
  private static final double[] D = {
    1.0,
    2.053191626637759,
    1.6763848301838038,
    0.6897673349851,
    0.14810397642748008,
    0.015198666563616457,
    0.0005475938084995345,
    1.0507500716444169e-9
  };
  private static final double[] E = {
    6.657904643501103, 5.463784911164114, 1.7848265399172913,
    0.29656057182850487, 0.026532189526576124, 0.0012426609473880784,
    2.7115555687434876e-5, 2.0103343992922881e-7
  };
  private static final double[] F = {
    1.0,
    0.599832206555888,
    0.1369298809227358,
    0.014875361290850615,
    0.0007868691311456133,
    1.8463183175100548e-5,
    1.421511758316446e-7,
    2.0442631033899397e-15
  };

  private Draws() {}

  /** Uniform on [0, 1). */
  static void uniforms(Philox random, double[] into, int count) {
    random.nextDoubles(into, count);
  }

  /** Normal with mean 0 and deviation 1. */
  static void normals(Philox random, double[] into, int count) {
    random.nextDoubles(into, count);
    int done = 0;
    for (; done <= count - SPECIES.length(); done += SPECIES.length()) {
      DoubleVector probability = DoubleVector.fromArray(SPECIES, into, done).add(HALF_STEP);
      DoubleVector q = probability.sub(0.5);
      VectorMask<Double> tails = q.abs().compare(VectorOperators.GT, CENTRAL);
      central(q).intoArray(into, done, tails.not());
      for (long left = tails.toLong(); left != 0; left &= left - 1) {
        int lane = Long.numberOfTrailingZeros(left);
        into[done + lane] = tail(into[done + lane] + HALF_STEP);
      }
    }
    for (; done < count; done++) {
      into[done] = normal(into[done] + HALF_STEP);
    }
  }

  /** The number below which a normal one lies with a probability strictly between 0 and 1. */
  static double normal(double probability) {
    double q = probability - 0.5;
    if (Math.abs(q) <= CENTRAL) {
      double r = CENTRAL_SQUARED - q * q;
      return q * polynomial(A, r) / polynomial(B, r);
    }
    return tail(probability);
  }

  private static double tail(double probability) {
    double q = probability - 0.5;
    double tail = q < 0 ? probability : 1 - probability;
    double r = Math.sqrt(-StrictMath.log(tail));
    double size =
        r <= FAR_TAIL
            ? polynomial(C, r - TAIL_SHIFT) / polynomial(D, r - TAIL_SHIFT)
            : polynomial(E, r - FAR_TAIL) / polynomial(F, r - FAR_TAIL);
    return q < 0 ? -size : size;
  }

  /** {@link #normal} of ½ + q in the central part; other lanes hold anything. */
  private static DoubleVector central(DoubleVector q) {
    DoubleVector r = DoubleVector.broadcast(SPECIES, CENTRAL_SQUARED).sub(q.mul(q));
    return q.mul(polynomial(A, r)).div(polynomial(B, r));
  }

  private static DoubleVector polynomial(double[] c, DoubleVector x) {
    DoubleVector sum = x.mul(c[7]);
    for (int power = 6; power > 0; power--) {
      sum = sum.add(c[power]).mul(x);
    }
    return sum.add(c[0]);
  }

  private static double polynomial(double[] c, double x) {
    return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x
        + c[0];
  }
}
