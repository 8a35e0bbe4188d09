package io.urrl.verify.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.tensor.Tensor;
import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;
import io.urrl.augment.kernel.KernelSet;
import io.urrl.augment.transform.Operations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs the cases of a {@code cases.json}: reads each input, applies the operation with the recorded
 * parameters, writes the output under the case's name, and holds it against the recorded one where
 * that stands beside the cases. A case that is {@code refused} is right when its input is a broken
 * picture.
 */
public final class ImageCases {
  private final Operations operations;
  private final PictureDecoder decoder = new PictureDecoder();
  private final CorruptionCases corruptions;
  private final Path folder;
  private final Path outFolder;
  private final CaseOutputs out;
  private final List<String> wrong = new ArrayList<>();
  private final Map<String, Integer> unknown = new TreeMap<>();
  private int written;
  private int refused;
  private int right;

  private ImageCases(Path folder, Path out, KernelSet kernels) {
    operations = new Operations(kernels);
    this.folder = folder;
    outFolder = out;
    this.out = new CaseOutputs(out);
    corruptions = new CorruptionCases(folder);
  }

  /**
   * What was done.
   *
   * @param written outputs
   * @param refused inputs that were to be refused, and were
   * @param right cases whose result is the recorded one
   * @param wrong the other cases, each with what is wrong
   * @param unknown cases of each operation that this version does not know
   */
  public record Result(
      int written, int refused, int right, List<String> wrong, Map<String, Integer> unknown) {}

  /**
   * Runs all cases.
   *
   * @param casesJson the file; inputs are relative to it
   * @param out folder for the outputs
   * @param kernels implementation of the operations
   */
  public static Result run(Path casesJson, Path out, KernelSet kernels) throws IOException {
    JsonNode cases = new ObjectMapper().readTree(casesJson.toFile()).get("cases");
    ImageCases runner = new ImageCases(casesJson.toAbsolutePath().getParent(), out, kernels);
    for (JsonNode one : cases) {
      runner.judge(one);
    }
    return new Result(runner.written, runner.refused, runner.right, runner.wrong, runner.unknown);
  }

  private void judge(JsonNode one) throws IOException {
    boolean toRefuse = one.path("refused").asBoolean();
    try {
      if (!run(one)) {
        unknown.merge(one.get("op").asText(), 1, Integer::sum);
      } else if (toRefuse) {
        wrong.add(one.get("input").asText() + ": decoded, and should be refused");
      } else {
        written++;
        compare(one);
      }
    } catch (BrokenPictureException e) {
      if (toRefuse) {
        refused++;
        right++;
      } else {
        wrong.add(one.get("input").asText() + ": refused: " + e.getMessage());
      }
    }
  }

  private void compare(JsonNode one) throws IOException {
    String output = one.get("output").asText();
    Path expected = folder.resolve(output);
    if (Files.exists(expected)) {
      CaseComparison.difference(one, expected, outFolder.resolve(output))
          .ifPresentOrElse(text -> wrong.add(output + ": " + text), () -> right++);
    }
  }

  private boolean run(JsonNode one) throws IOException, BrokenPictureException {
    String op = one.get("op").asText();
    if (one.has("input")) {
      byte[] bytes = Files.readAllBytes(folder.resolve(one.get("input").asText()));
      Picture picture = new Picture();
      decoder.decode(bytes, bytes.length, picture);
      return one.path("refused").asBoolean() || run(op, picture, one, one.get("output").asText());
    }
    String output = one.get("output").asText();
    switch (op) {
      case "disk_kernel" -> out.write(output, CorruptionCases.diskKernel(one));
      case "plasma" -> out.write(output, corruptions.plasma(one));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean run(String op, Picture picture, JsonNode one, String output)
      throws IOException, BrokenPictureException {
    switch (op) {
      case "moco_v2_tensor" -> {
        mocoView(picture, one);
        out.write(output, shaped(tensor(picture, one), picture));
      }
      case "augmix", "augmix_normalised", "robust_view" -> {
        float[] mixture = augmix(picture, one);
        out.write(output, shaped(mixture, picture));
      }
      case "moco_v2_view" -> {
        mocoView(picture, one);
        out.write(output, picture);
      }
      default -> {
        boolean known =
            op.startsWith(CorruptionCases.PREFIX)
                ? corruptions.corrupt(picture, one)
                : apply(op, picture, one);
        if (!known) {
          return false;
        }
        out.write(output, picture);
      }
    }
    return true;
  }

  private boolean apply(String op, Picture picture, JsonNode with) {
    switch (op) {
      case "autocontrast" -> operations.autocontrast(picture);
      case "equalize" -> operations.equalize(picture);
      case "posterize" -> operations.posterize(picture, with.get("bits").asInt());
      case "solarize" -> operations.solarize(picture, with.get("threshold").asInt());
      case "rotate" -> operations.rotate(picture, with.get("degrees").asDouble());
      case "shear_x" -> operations.shearX(picture, with.get("level").asDouble());
      case "shear_y" -> operations.shearY(picture, with.get("level").asDouble());
      case "translate_x" -> operations.translateX(picture, with.get("pixels").asDouble());
      case "translate_y" -> operations.translateY(picture, with.get("pixels").asDouble());
      case "color", "adjust_saturation" -> operations.colour(picture, factor(with));
      case "contrast", "adjust_contrast" -> operations.contrast(picture, factor(with));
      case "brightness", "adjust_brightness" -> operations.brightness(picture, factor(with));
      case "sharpness" -> operations.sharpness(picture, factor(with));
      case "adjust_hue" -> operations.hue(picture, factor(with));
      case "to_grayscale" -> operations.grayscale(picture);
      case "gaussian_blur" -> operations.gaussianBlur(picture, with.get("radius").asDouble());
      case "hflip" -> operations.flip(picture);
      case "resized_crop" -> crop(picture, with);
      case "resize" -> resize(picture, with.get("size"));
      case "resize_center_crop" -> {
        Picture source = new Picture();
        source.swap(picture);
        operations.resizeCentreCrop(
            source, with.get("resize").asInt(), with.get("crop").asInt(), picture);
      }
      case "decode", "jpeg_decode" -> {
        // Reading the input was the operation.
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static double factor(JsonNode with) {
    return with.get("factor").asDouble();
  }

  private void crop(Picture picture, JsonNode box) {
    Picture source = new Picture();
    source.swap(picture);
    operations.resizedCrop(
        source,
        box.get("top").asInt(),
        box.get("left").asInt(),
        box.get("height").asInt(),
        box.get("width").asInt(),
        box.get("size").get(0).asInt(),
        box.get("size").get(1).asInt(),
        picture);
  }

  private void resize(Picture picture, JsonNode size) {
    Picture source = new Picture();
    source.swap(picture);
    operations.resizedCrop(
        source,
        0,
        0,
        source.height(),
        source.width(),
        size.get(0).asInt(),
        size.get(1).asInt(),
        picture);
  }

  private void mocoView(Picture picture, JsonNode view) {
    crop(picture, view.get("crop"));
    JsonNode jitter = view.get("jitter");
    if (!jitter.isNull()) {
      for (JsonNode name : jitter.get("order")) {
        double factor = jitter.get(name.asText()).asDouble();
        switch (name.asText()) {
          case "brightness" -> operations.brightness(picture, factor);
          case "contrast" -> operations.contrast(picture, factor);
          case "saturation" -> operations.colour(picture, factor);
          default -> operations.hue(picture, factor);
        }
      }
    }
    if (view.get("grayscale").asBoolean()) {
      operations.grayscale(picture);
    }
    if (!view.get("blur_sigma").isNull()) {
      operations.gaussianBlur(picture, view.get("blur_sigma").asDouble());
    }
    if (view.get("flip").asBoolean()) {
      operations.flip(picture);
    }
  }

  private float[] augmix(Picture picture, JsonNode with) {
    if (with.has("crop")) {
      crop(picture, with.get("crop"));
      if (with.get("flip").asBoolean()) {
        operations.flip(picture);
      }
    }
    float[] plain = tensor(picture, with);
    float[] mixed = new float[plain.length];
    for (int chain = 0; chain < with.get("chains").size(); chain++) {
      Picture link = new Picture();
      link.copyFrom(picture);
      for (JsonNode step : with.get("chains").get(chain)) {
        apply(step.get("op").asText(), link, step);
      }
      float weight = (float) with.get("weights").get(chain).asDouble();
      float[] values = tensor(link, with);
      for (int i = 0; i < mixed.length; i++) {
        mixed[i] += weight * values[i];
      }
    }
    float share = (float) with.get("m").asDouble();
    boolean back = with.path("denormalise").asBoolean(false);
    int plane = picture.width() * picture.height();
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] = (1 - share) * plain[i] + share * mixed[i];
      if (back) {
        float deviation = (float) with.get("std").get(i / plane).asDouble();
        mixed[i] = mixed[i] * deviation + (float) with.get("mean").get(i / plane).asDouble();
      }
    }
    return mixed;
  }

  /** torchvision's to_tensor, and normalize where a mean is given. */
  private static float[] tensor(Picture picture, JsonNode with) {
    int plane = picture.width() * picture.height();
    float[] values = new float[3 * plane];
    for (int channel = 0; channel < 3; channel++) {
      float mean = with.has("mean") ? (float) with.get("mean").get(channel).asDouble() : 0f;
      float deviation = with.has("std") ? (float) with.get("std").get(channel).asDouble() : 1f;
      for (int i = 0; i < plane; i++) {
        float value = (picture.data()[3 * i + channel] & 0xFF) / 255f;
        values[channel * plane + i] = with.has("mean") ? (value - mean) / deviation : value;
      }
    }
    return values;
  }

  private static Tensor shaped(float[] values, Picture shape) {
    return Tensor.of(values, 3, shape.height(), shape.width());
  }
}
