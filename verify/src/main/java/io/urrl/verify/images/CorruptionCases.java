package io.urrl.verify.images;

import com.fasterxml.jackson.databind.JsonNode;
import io.urrl.actors.tensor.Npy;
import io.urrl.actors.tensor.Tensor;
import io.urrl.augment.corrupt.Brightness;
import io.urrl.augment.corrupt.Contrast;
import io.urrl.augment.corrupt.Corruption;
import io.urrl.augment.corrupt.DefocusBlur;
import io.urrl.augment.corrupt.DiskKernel;
import io.urrl.augment.corrupt.ElasticTransform;
import io.urrl.augment.corrupt.Fog;
import io.urrl.augment.corrupt.Frost;
import io.urrl.augment.corrupt.FrostTextures;
import io.urrl.augment.corrupt.GaussianNoise;
import io.urrl.augment.corrupt.GlassBlur;
import io.urrl.augment.corrupt.ImpulseNoise;
import io.urrl.augment.corrupt.JpegCompression;
import io.urrl.augment.corrupt.MotionBlur;
import io.urrl.augment.corrupt.Pixelate;
import io.urrl.augment.corrupt.Plasma;
import io.urrl.augment.corrupt.Scratch;
import io.urrl.augment.corrupt.ShotNoise;
import io.urrl.augment.corrupt.Snow;
import io.urrl.augment.corrupt.ZoomBlur;
import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Runs the cases of the common corruptions, with the random numbers that they record. */
final class CorruptionCases {
  /** How the cases' names begin. */
  static final String PREFIX = "corrupt_";

  private final PictureDecoder decoder = new PictureDecoder();
  private final Scratch scratch = new Scratch();
  private final Path folder;

  /** Random numbers are in files relative to {@code folder}. */
  CorruptionCases(Path folder) {
    this.folder = folder;
  }

  /** The kernel of a defocus blur. */
  static Tensor diskKernel(JsonNode one) {
    DiskKernel kernel =
        new DiskKernel(one.get("radius").asDouble(), one.get("alias_blur").asDouble());
    return Tensor.of(kernel.weights(), kernel.side(), kernel.side());
  }

  /** The height map of a fog. */
  Tensor plasma(JsonNode one) throws IOException {
    int side = one.get("side").asInt();
    double[] grid = new double[side * side];
    Plasma.fill(side, one.get("decay").asDouble(), doubles(one, "uniforms"), grid);
    return Tensor.of(grid, side, side);
  }

  /**
   * Corrupts a picture in place.
   *
   * @return false when this version does not know the corruption
   */
  boolean corrupt(Picture picture, JsonNode one) throws IOException, BrokenPictureException {
    String name = one.get("op").asText().substring(PREFIX.length());
    Picture texture = new Picture();
    if (name.equals("frost")) {
      byte[] file = Files.readAllBytes(folder.resolve(one.get("draws").get("texture").asText()));
      decoder.decode(file, file.length, texture);
    }
    FrostTextures ice = new FrostTextures(List.of(texture));
    Optional<Corruption> corruption = of(name, one.get("parameters"), ice);
    if (corruption.isPresent()) {
      apply(corruption.get(), picture, one, texture);
    }
    return corruption.isPresent();
  }

  /** A corruption by its published name and parameters; none when it is unknown. */
  static Optional<Corruption> of(String name, JsonNode with, FrostTextures ice) {
    return Optional.ofNullable(
        switch (name) {
          case "gaussian_noise" -> new GaussianNoise(number(with, "sigma"));
          case "shot_noise" -> new ShotNoise(number(with, "photons"));
          case "impulse_noise" -> new ImpulseNoise(number(with, "amount"));
          case "defocus_blur" ->
              new DefocusBlur(number(with, "radius"), number(with, "alias_blur"));
          case "glass_blur" ->
              new GlassBlur(
                  number(with, "sigma"),
                  with.get("max_delta").asInt(),
                  with.get("iterations").asInt());
          case "motion_blur" -> new MotionBlur(number(with, "radius"), number(with, "sigma"));
          case "zoom_blur" -> ZoomBlur.by(factors(with));
          case "snow" ->
              new Snow(
                  new Snow.Flakes(
                      number(with, "mean"),
                      number(with, "std"),
                      number(with, "zoom"),
                      number(with, "threshold")),
                  number(with, "blur_radius"),
                  number(with, "blur_sigma"),
                  number(with, "keep"));
          case "frost" ->
              new Frost(number(with, "picture_weight"), number(with, "frost_weight"), ice);
          case "fog" -> new Fog(number(with, "strength"), number(with, "decay"));
          case "brightness" -> new Brightness(number(with, "add"));
          case "contrast" -> new Contrast(number(with, "factor"));
          case "elastic_transform" ->
              new ElasticTransform(
                  number(with, "alpha"), number(with, "sigma"), number(with, "affine"));
          case "pixelate" -> new Pixelate(number(with, "scale"));
          case "jpeg_compression" -> new JpegCompression(with.get("quality").asInt());
          default -> null;
        });
  }

  private void apply(Corruption corruption, Picture picture, JsonNode one, Picture texture)
      throws IOException {
    JsonNode draws = one.path("draws");
    switch (corruption) {
      case GaussianNoise noise -> noise.apply(picture, doubles(one, "normal"));
      case ShotNoise noise -> noise.apply(picture, counts(one));
      case ImpulseNoise noise -> noise.apply(picture, doubles(one, "flip"), doubles(one, "salt"));
      case DefocusBlur blur -> blur.apply(picture, scratch);
      case GlassBlur blur -> blur.apply(picture, bytes(one), scratch);
      case MotionBlur blur -> blur.apply(picture, angle(one), scratch);
      case ZoomBlur blur -> blur.apply(picture, scratch);
      case Snow snow -> snow.apply(picture, doubles(one, "normal"), angle(one), scratch);
      case Frost frost ->
          frost.apply(picture, texture, draws.get("row").asInt(), draws.get("column").asInt());
      case Fog fog -> fog.apply(picture, doubles(one, "uniforms"), scratch);
      case Brightness brightness -> brightness.apply(picture);
      case Contrast contrast -> contrast.apply(picture, scratch);
      case ElasticTransform elastic ->
          elastic.apply(
              picture,
              doubles(one, "points"),
              doubles(one, "field_x"),
              doubles(one, "field_y"),
              scratch);
      case Pixelate pixelate -> pixelate.apply(picture, scratch);
      case JpegCompression compression -> compression.apply(picture, scratch);
    }
  }

  private static double number(JsonNode with, String name) {
    return with.get(name).asDouble();
  }

  private static double[] factors(JsonNode with) {
    JsonNode list = with.get("zoom_factors");
    double[] factors = new double[list.size()];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = list.get(i).asDouble();
    }
    return factors;
  }

  private static double angle(JsonNode one) {
    return one.get("draws").get("angle").asDouble();
  }

  private Tensor draws(JsonNode one, String name) throws IOException {
    return Npy.read(folder.resolve(one.get("draws").get(name).asText()));
  }

  private double[] doubles(JsonNode one, String name) throws IOException {
    return draws(one, name).toDoubles();
  }

  private int[] counts(JsonNode one) throws IOException {
    long[] counts = draws(one, "counts").toLongs();
    int[] whole = new int[counts.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = Math.toIntExact(counts[i]);
    }
    return whole;
  }

  private byte[] bytes(JsonNode one) throws IOException {
    return draws(one, "deltas").data().toArray(ValueLayout.JAVA_BYTE);
  }
}
