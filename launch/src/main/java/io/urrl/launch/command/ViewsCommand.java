package io.urrl.launch.command;

import io.urrl.augment.chain.OperationChain;
import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.corrupt.CorruptionTable;
import io.urrl.augment.corrupt.Corruptions;
import io.urrl.augment.corrupt.FrostTextures;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;
import io.urrl.augment.transform.Operations;
import io.urrl.augment.transform.ViewMaker;
import io.urrl.augment.transform.ViewRecipe;
import io.urrl.launch.UsageException;
import io.urrl.launch.report.ViewGrid;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a recipe makes of pictures. */
@Command(
    name = "views",
    description =
        "Draws a labelled grid of the views that a recipe makes of pictures, or of what every"
            + " operation and every corruption by itself does to them.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  urrl views dog.jpg cat.jpg --recipe urrl --count 6 --out grid.png",
      "  urrl views *.jpg --recipe moco-v2 --seed 7 --image-size 96 --out grid.png",
      "  urrl views dog.jpg --operations --image-size 160 --out operations.png"
    })
public final class ViewsCommand implements Callable<Integer> {
  private static final int COLUMNS = 8;

  /** One chain for every operation that keeps a picture's size, at a strength that one sees. */
  private static final List<String> OPERATIONS =
      List.of(
          "autocontrast",
          "equalize",
          "posterize:2",
          "solarize:128",
          "rotate:20",
          "shear_x:0.2",
          "shear_y:0.2",
          "translate_x:24",
          "translate_y:24",
          "color:0.2",
          "enhance_contrast:0.4",
          "enhance_brightness:0.5",
          "sharpness:4",
          "hue:0.25",
          "grayscale",
          "gaussian_blur:2",
          "flip");

  private static final int SEVERITY = 3;

  @Parameters(arity = "1..*", paramLabel = "PICTURE", description = "JPEG, PNG, WebP or BMP files.")
  private List<Path> pictures;

  @Option(
      names = "--recipe",
      defaultValue = "urrl",
      description = "moco-v2, augmix, augmix-allop, augmix-moco or urrl (default: urrl).")
  private String recipe;

  @Option(names = "--seed", defaultValue = "1", description = "Keys the views (default: 1).")
  private long seed;

  @Option(
      names = "--count",
      defaultValue = "5",
      description = "Views of each picture (default: 5).")
  private int count;

  @Option(
      names = "--image-size",
      defaultValue = "224",
      description = "Side of a view (default: 224).")
  private int imageSize;

  @Option(
      names = "--operations",
      description = "Show each operation and corruption by itself instead of a recipe's views.")
  private boolean operations;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The PNG to write.")
  private Path out;

  private final PictureDecoder decoder = new PictureDecoder();

  @Override
  public Integer call() {
    if (count < 1 || imageSize < 1) {
      throw new UsageException("--count and --image-size must be at least 1");
    }
    if (PictureFormat.of(out) != PictureFormat.PNG) {
      throw new UsageException("--out " + out + " must end in .png: a grid is written as PNG");
    }
    PictureFiles.requireWritable(out);
    try {
      ViewGrid grid = new ViewGrid(imageSize, operations ? COLUMNS : count + 1);
      if (operations) {
        showOperations(grid);
      } else {
        showViews(grid);
      }
      grid.write(out);
      System.out.println("wrote " + out);
      return 0;
    } catch (IOException e) {
      throw PictureFiles.unwritten(out, e);
    } catch (IllegalArgumentException e) {
      throw new UsageException("views cannot be made: " + e.getMessage(), e);
    }
  }

  private void showViews(ViewGrid grid) {
    ViewMaker maker = new ViewMaker(ViewRecipe.named(recipe, imageSize), imageSize, seed);
    MemorySegment view = room();
    Picture picture = new Picture();
    for (int sample = 0; sample < pictures.size(); sample++) {
      PictureFiles.read(pictures.get(sample), decoder, picture);
      maker.evaluation(picture, view);
      grid.add(pictures.get(sample).getFileName().toString(), view);
      for (int number = 0; number < count; number++) {
        maker.view(picture, number / 2, sample, number % 2, view);
        grid.add(maker.description(), view);
      }
    }
  }

  private void showOperations(ViewGrid grid) {
    MemorySegment view = room();
    Operations tools = new Operations();
    Corruptions corruptions =
        Corruptions.of(CorruptionTable.forSide(imageSize), FrostTextures.drawn());
    Picture picture = new Picture();
    Picture plain = new Picture();
    Picture changed = new Picture();
    for (Path file : pictures) {
      PictureFiles.read(file, decoder, picture);
      tools.resizeCentreCrop(picture, imageSize, imageSize, plain);
      tools.planes(plain, view);
      grid.add(file.getFileName().toString(), view);
      for (String chain : chains()) {
        changed.copyFrom(plain);
        OperationChain.parse(chain).apply(changed, () -> corruptions, seed);
        tools.planes(changed, view);
        grid.add(chain, view);
      }
    }
  }

  private static List<String> chains() {
    return Stream.concat(
            OPERATIONS.stream(),
            Arrays.stream(CorruptionKind.values())
                .map(kind -> "corrupt_" + kind.publishedName() + ":" + SEVERITY))
        .toList();
  }

  private MemorySegment room() {
    return Arena.ofAuto().allocate(3L * imageSize * imageSize);
  }
}
