package io.urrl.launch.command;

import io.urrl.augment.chain.OperationChain;
import io.urrl.augment.corrupt.CorruptionTable;
import io.urrl.augment.corrupt.Corruptions;
import io.urrl.augment.corrupt.FrostTextures;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;
import io.urrl.launch.UsageException;
import io.urrl.launch.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Applies operations to a picture. */
@Command(
    name = "transform",
    description = "Applies operations and corruptions to a picture, one after the other.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    modelTransformer = TransformCommand.Names.class,
    footer = {
      "",
      "Examples:",
      "  urrl transform --apply \"rotate:12.5,posterize:3\" dog.jpg out.png",
      "  urrl transform --apply \"resize_center_crop:256:224,fog:3\" --seed 7 dog.jpg out.png"
    })
public final class TransformCommand implements Callable<Integer> {
  /** Adds the names of all operations to the help. */
  static final class Names implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      command
          .usageMessage()
          .description(
              "Applies operations and corruptions to a picture, one after the other.",
              "",
              "Operations: " + String.join(", ", OperationChain.known()) + ".",
              "");
      return command;
    }
  }

  @Option(
      names = "--apply",
      required = true,
      paramLabel = "CHAIN",
      description = "Operations, separated by commas, each with its parameters after colons.")
  private String chain;

  @Option(names = "--seed", defaultValue = "1", description = "Keys all noise (default: 1).")
  private long seed;

  @Option(
      names = "--table",
      description =
          "Parameters of corruptions: imagenet or cifar (default: cifar up to 64 pixels).")
  private CorruptionTable table;

  @Option(
      names = "--frost",
      paramLabel = "DIR",
      description = "Pictures of frost (default: those drawn in code).")
  private Path frost;

  @Option(
      names = "--quality",
      defaultValue = "95",
      paramLabel = "N",
      description = "Quality of a JPEG file, 1 to 100 (default: ${DEFAULT-VALUE}).")
  private int quality;

  @Parameters(index = "0", paramLabel = "IN", description = "A JPEG, PNG, WebP or BMP file.")
  private Path in;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "The file to write: .png, or .jpg or .jpeg.")
  private Path out;

  @Override
  public Integer call() {
    PictureFormat format = PictureFormat.of(out);
    if (quality < 1 || quality > 100) {
      throw new UsageException("--quality must be from 1 to 100, not " + quality);
    }
    OperationChain operations = parsed();
    PictureFiles.requireWritable(out);
    Picture picture = new Picture();
    PictureFiles.read(in, new PictureDecoder(), picture);
    try {
      operations.apply(picture, () -> corruptions(picture), seed);
    } catch (IllegalArgumentException e) {
      throw new UserException(in + " cannot be transformed: " + e.getMessage(), e);
    }
    try {
      Files.write(out, format.encode(picture, quality));
    } catch (IOException e) {
      throw PictureFiles.unwritten(out, e);
    }
    System.out.printf("wrote %s, %d x %d%n", out, picture.width(), picture.height());
    return 0;
  }

  private OperationChain parsed() {
    try {
      return OperationChain.parse(chain);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  private Corruptions corruptions(Picture picture) {
    CorruptionTable chosen =
        table == null
            ? CorruptionTable.forSide(Math.max(picture.width(), picture.height()))
            : table;
    return Corruptions.of(
        chosen, frost == null ? FrostTextures.drawn() : FrostTextures.read(frost));
  }
}
