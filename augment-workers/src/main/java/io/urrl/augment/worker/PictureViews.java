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
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Views of the pictures of data sets, by the recipes; or views that were recorded before. */
public final class PictureViews implements ViewSource {

  /** Any recipe will do: an evaluation picture has nothing of it. */
  private static final String EVALUATION_RECIPE = "moco-v2";

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
    return task.data().source().startsWith(RecordedViews.PREFIX);
  }

  private PictureSet set(ViewTask task) {
    return sets.get(
        task.data().source(),
        Split.valueOf(task.split().name()),
        task.data().fingerprint(task.split()));
  }

  @Override
  public void prepare(ViewTask task) {
    if (!isRecorded(task)) {
      PictureSet set = set(task);
      task.items().forEach(item -> set.willRead(item.sample()));
    }
  }

  @Override
  public int make(
      ViewTask task, ViewTask.Item item, MemorySegment bytes, Consumer<PictureBroken> broken) {
    long view = 3L * task.imageSize() * task.imageSize();
    if (isRecorded(task)) {
      recorded
          .computeIfAbsent(task.data().source(), RecordedViews::open)
          .copy(item.sample(), bytes.asSlice(0, view), bytes.asSlice(view));
      return item.sample();
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
    switch (task.views()) {
      case PAIR ->
          maker(task)
              .views(
                  picture,
                  item.epoch(),
                  item.sample(),
                  bytes.asSlice(0, view),
                  bytes.asSlice(view));
      case LABELLED -> {
        MemorySegment into = bytes.asSlice(0, view);
        if (task.recipe().isEmpty()) {
          maker(task).evaluation(picture, into);
        } else {
          maker(task).view(picture, item.epoch(), item.sample(), 0, into);
        }
        bytes.set(ValueLayout.JAVA_INT_UNALIGNED, view, set.label(used));
      }
    }
    return used;
  }

  private ViewMaker maker(ViewTask task) {
    String recipe = task.recipe().isEmpty() ? EVALUATION_RECIPE : task.recipe();
    return makers.computeIfAbsent(
        new MakerKey(recipe, task.imageSize(), task.seed()),
        key ->
            new ViewMaker(
                ViewRecipe.named(key.recipe(), key.imageSize()), key.imageSize(), key.seed()));
  }
}
