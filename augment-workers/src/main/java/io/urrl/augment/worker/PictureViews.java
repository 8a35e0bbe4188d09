package io.urrl.augment.worker;

import io.urrl.actors.protocol.TrainerCommand.PictureBroken;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.augment.data.BrokenPictures;
import io.urrl.augment.data.OpenSets;
import io.urrl.augment.data.PictureSet;
import io.urrl.augment.data.RecordedViews;
import io.urrl.augment.data.Split;
import io.urrl.augment.image.Picture;
import io.urrl.augment.transform.ViewMaker;
import io.urrl.augment.transform.ViewRecipe;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Views of the pictures of data sets, by the recipes; or views that were recorded before. */
public final class PictureViews implements ViewSource {

  private record MakerKey(String recipe, int imageSize, long seed) {}

  private final OpenSets sets;
  private final Map<String, RecordedViews> recorded = new HashMap<>();
  private final Map<MakerKey, ViewMaker> makers = new HashMap<>();
  private final Picture picture = new Picture();

  /**
   * @param sets the node's data sets
   */
  public PictureViews(OpenSets sets) {
    this.sets = sets;
  }

  private static boolean isRecorded(ViewTask task) {
    return task.source().startsWith(RecordedViews.PREFIX);
  }

  private PictureSet set(ViewTask task) {
    return sets.get(task.source(), Split.valueOf(task.split().name()));
  }

  @Override
  public void prepare(ViewTask task) {
    if (!isRecorded(task)) {
      PictureSet set = set(task);
      task.items().forEach(item -> set.willRead(item.sample()));
    }
  }

  @Override
  public Made make(
      ViewTask task,
      ViewTask.Item item,
      MemorySegment query,
      MemorySegment key,
      Consumer<PictureBroken> broken) {
    if (isRecorded(task)) {
      recorded.computeIfAbsent(task.source(), RecordedViews::open).copy(item.sample(), query, key);
      return new Made(item.epoch(), item.sample());
    }
    PictureSet set = set(task);
    int used =
        new BrokenPictures(set)
            .readOrSubstitute(
                item.sample(),
                picture,
                passed ->
                    broken.accept(
                        new PictureBroken(passed.sample(), passed.name(), passed.reason())));
    ViewMaker maker = maker(task);
    if (task.isPair()) {
      maker.views(picture, item.epoch(), item.sample(), query, key);
      return new Made(item.epoch(), used);
    }
    maker.evaluation(picture, query);
    return new Made(set.label(used), used);
  }

  private ViewMaker maker(ViewTask task) {
    String recipe = task.isPair() ? task.recipe() : "moco-v2";
    return makers.computeIfAbsent(
        new MakerKey(recipe, task.imageSize(), task.seed()),
        key ->
            new ViewMaker(
                ViewRecipe.named(key.recipe(), key.imageSize()), key.imageSize(), key.seed()));
  }
}
