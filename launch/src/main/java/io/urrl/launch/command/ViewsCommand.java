package io.urrl.launch.command;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PictureDecoder;
import io.urrl.augment.transform.ViewMaker;
import io.urrl.augment.transform.ViewRecipe;
import io.urrl.launch.UserException;
import io.urrl.launch.evaluation.ViewGrid;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a recipe makes of pictures. */
@Command(
    name = "views",
    description = "Draws a labelled grid of the views that a recipe makes of pictures.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  urrl views dog.jpg cat.jpg --recipe urrl --count 6 --out grid.png",
      "  urrl views *.jpg --recipe moco-v2 --seed 7 --image-size 96 --out grid.png"
    })
public final class ViewsCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "PICTURE", description = "JPEG or PNG files.")
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

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The PNG to write.")
  private Path out;

  @Override
  public Integer call() {
    try {
      ViewMaker maker = new ViewMaker(ViewRecipe.named(recipe, imageSize), imageSize, seed);
      PictureDecoder decoder = new PictureDecoder();
      ViewGrid grid = new ViewGrid(imageSize, count + 1);
      MemorySegment view = Arena.ofAuto().allocate(3L * imageSize * imageSize);
      Picture picture = new Picture();
      for (int sample = 0; sample < pictures.size(); sample++) {
        byte[] bytes = Files.readAllBytes(pictures.get(sample));
        decoder.decode(bytes, bytes.length, picture);
        maker.evaluation(picture, view);
        grid.add(pictures.get(sample).getFileName().toString(), view);
        for (int number = 0; number < count; number++) {
          maker.view(picture, number / 2, sample, number % 2, view);
          grid.add(maker.description(), view);
        }
      }
      grid.write(out);
      System.out.println("wrote " + out);
      return 0;
    } catch (IOException | BrokenPictureException | IllegalArgumentException e) {
      throw new UserException("views cannot be made: " + e.getMessage(), e);
    }
  }
}
