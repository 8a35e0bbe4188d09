package io.urrl.augment.corrupt;

import io.urrl.augment.corrupt.Snow.Flakes;

/**
 * The parameters of all corruptions at all severities, from the published generators
 * (github.com/hendrycks/robustness, {@code make_imagenet_c.py} and {@code make_cifar_c.py}).
 */
public enum CorruptionTable {
  /** ImageNet-C: pictures of 224 × 224. */
  IMAGENET(224) {
    @Override
    Corruption corruption(CorruptionKind kind, int severity, FrostTextures ice) {
      return switch (kind) {
        case GAUSSIAN_NOISE -> new GaussianNoise(at(severity, .08, .12, .18, .26, .38));
        case SHOT_NOISE -> new ShotNoise(at(severity, 60, 25, 12, 5, 3));
        case IMPULSE_NOISE -> new ImpulseNoise(at(severity, .03, .06, .09, .17, .27));
        case DEFOCUS_BLUR ->
            new DefocusBlur(at(severity, 3, 4, 6, 8, 10), at(severity, .1, .5, .5, .5, .5));
        case GLASS_BLUR ->
            new GlassBlur(
                at(severity, .7, .9, 1, 1.1, 1.5),
                (int) at(severity, 1, 2, 2, 3, 4),
                (int) at(severity, 2, 1, 3, 2, 2));
        case MOTION_BLUR ->
            new MotionBlur(at(severity, 10, 15, 15, 15, 20), at(severity, 3, 5, 8, 12, 15));
        case ZOOM_BLUR ->
            ZoomBlur.upTo(
                at(severity, 1.11, 1.16, 1.21, 1.26, 1.31), at(severity, .01, .01, .02, .02, .03));
        case SNOW ->
            new Snow(
                new Flakes(
                    at(severity, .1, .2, .55, .55, .55),
                    .3,
                    at(severity, 3, 2, 4, 4.5, 2.5),
                    at(severity, .5, .5, .9, .85, .85)),
                at(severity, 10, 12, 12, 12, 12),
                at(severity, 4, 4, 8, 8, 12),
                at(severity, .8, .7, .7, .65, .55));
        case FROST ->
            new Frost(at(severity, 1, .8, .7, .65, .6), at(severity, .4, .6, .7, .7, .75), ice);
        case FOG -> new Fog(at(severity, 1.5, 2, 2.5, 2.5, 3), at(severity, 2, 2, 1.7, 1.5, 1.4));
        case BRIGHTNESS -> new Brightness(at(severity, .1, .2, .3, .4, .5));
        case CONTRAST -> new Contrast(at(severity, .4, .3, .2, .1, .05));
        case ELASTIC_TRANSFORM ->
            // 244, not the side of 224, is the published factor.
            new ElasticTransform(
                244 * at(severity, 2, 2, .05, .07, .12),
                244 * at(severity, .7, .08, .01, .01, .01),
                244 * at(severity, .1, .2, .02, .02, .02));
        case PIXELATE -> new Pixelate(at(severity, .6, .5, .4, .3, .25));
        case JPEG_COMPRESSION -> new JpegCompression((int) at(severity, 25, 18, 15, 10, 7));
      };
    }
  },

  /** CIFAR-10-C and CIFAR-100-C: pictures of 32 × 32. */
  CIFAR(32) {
    @Override
    Corruption corruption(CorruptionKind kind, int severity, FrostTextures ice) {
      return switch (kind) {
        case GAUSSIAN_NOISE -> new GaussianNoise(at(severity, .04, .06, .08, .09, .10));
        case SHOT_NOISE -> new ShotNoise(at(severity, 500, 250, 100, 75, 50));
        case IMPULSE_NOISE -> new ImpulseNoise(at(severity, .01, .02, .03, .05, .07));
        case DEFOCUS_BLUR ->
            new DefocusBlur(at(severity, .3, .4, .5, 1, 1.5), at(severity, .4, .5, .6, .2, .1));
        case GLASS_BLUR ->
            new GlassBlur(
                at(severity, .05, .25, .4, .25, .4), 1, (int) at(severity, 1, 1, 1, 2, 2));
        case MOTION_BLUR ->
            new MotionBlur(at(severity, 6, 6, 6, 8, 9), at(severity, 1, 1.5, 2, 2, 2.5));
        case ZOOM_BLUR -> ZoomBlur.upTo(at(severity, 1.06, 1.11, 1.16, 1.21, 1.26), .01);
        case SNOW ->
            new Snow(
                new Flakes(
                    at(severity, .1, .1, .15, .25, .3),
                    at(severity, .2, .2, .3, .3, .3),
                    at(severity, 1, 1, 1.75, 2.25, 1.25),
                    at(severity, .6, .5, .55, .6, .65)),
                at(severity, 8, 10, 10, 12, 14),
                at(severity, 3, 4, 4, 6, 12),
                at(severity, .95, .9, .9, .85, .8));
        case FROST ->
            new Frost(
                at(severity, 1, 1, .9, .85, .75), at(severity, .2, .3, .4, .4, .45), ice.reduced());
        case FOG -> new Fog(at(severity, .2, .5, .75, 1, 1.5), at(severity, 3, 3, 2.5, 2, 1.75));
        case BRIGHTNESS -> new Brightness(at(severity, .05, .1, .15, .2, .3));
        case CONTRAST -> new Contrast(at(severity, .75, .5, .4, .3, .15));
        case ELASTIC_TRANSFORM ->
            new ElasticTransform(
                32 * at(severity, 0, .05, .08, .1, .1),
                32 * at(severity, 0, .2, .06, .04, .03),
                32 * at(severity, .08, .07, .06, .05, .03));
        case PIXELATE -> new Pixelate(at(severity, .95, .9, .85, .75, .65));
        case JPEG_COMPRESSION -> new JpegCompression((int) at(severity, 80, 65, 58, 50, 40));
      };
    }
  };

  /** Up to this side pictures count as small. */
  private static final int SMALL = 64;

  private final int side;

  CorruptionTable(int side) {
    this.side = side;
  }

  /** Height and width of the pictures that the parameters are meant for. */
  public int side() {
    return side;
  }

  /** The table that suits pictures of this side. */
  public static CorruptionTable forSide(int side) {
    return side <= SMALL ? CIFAR : IMAGENET;
  }

  /**
   * A corruption.
   *
   * @param severity 1..5
   * @param ice textures for frost, in full size
   */
  abstract Corruption corruption(CorruptionKind kind, int severity, FrostTextures ice);

  private static double at(int severity, double... bySeverity) {
    return bySeverity[severity - 1];
  }
}
