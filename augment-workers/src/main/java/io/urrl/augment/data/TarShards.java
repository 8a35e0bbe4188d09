package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Shards as WebDataset has them, read as they are: tar archives in which {@code KEY.jpg} (or {@code
 * .png}, {@code .webp}, {@code .bmp}) stands beside {@code KEY.cls}, the number of its class, or
 * pictures alone. The samples have the order of the shards' names and of the members in them; every
 * one is reached by its position.
 */
public final class TarShards implements EncodedPictures {
  private final List<MappedFile> shards;
  private final int[] firsts;
  private final List<ShardIndex.Sample> samples;
  private final ShardClasses classes;
  private final boolean labelled;
  private final List<String> notices;
  private final long fingerprint;
  private final ThreadLocal<Reader> readers = ThreadLocal.withInitial(Reader::new);

  private TarShards(List<MappedFile> shards, List<ShardIndex> indexes, ShardClasses classes) {
    this.shards = shards;
    this.classes = classes;
    firsts = new int[shards.size()];
    samples = new ArrayList<>();
    Fingerprint print = new Fingerprint();
    for (int shard = 0; shard < firsts.length; shard++) {
      firsts[shard] = samples.size();
      samples.addAll(indexes.get(shard).samples());
      print.add(FileNames.name(shards.get(shard).path()));
    }
    samples.forEach(one -> print.add(one.name()).add(one.length()).add(one.number()));
    labelled = samples.getFirst().number() != ShardIndex.NO_CLASS;
    notices = notices(shards, indexes);
    fingerprint = print.value();
  }

  /**
   * Opens the shards of a part.
   *
   * @param source see {@link ShardPattern}
   * @throws DataException when there are none, or one cannot be used
   */
  static TarShards open(String source, Split split) {
    List<ShardIndex> indexes = new ArrayList<>();
    List<MappedFile> shards = new ArrayList<>();
    for (var shard : ShardPattern.shards(source, split)) {
      indexes.add(ShardIndex.of(shard));
      shards.add(MappedFile.open(shard));
    }
    if (indexes.stream().allMatch(index -> index.samples().isEmpty())) {
      throw new DataException(
          split == Split.TRAIN
              ? source
                  + " has no training shards; they hold KEY.jpg beside KEY.cls, and no word of"
                  + " their names is test or val"
              : source + " has no test shards; name them test-*.tar or val-*.tar");
    }
    requireAlike(shards, indexes);
    Split other = split == Split.TRAIN ? Split.TEST : Split.TRAIN;
    List<ShardIndex> others =
        ShardPattern.shards(source, other).stream().map(ShardIndex::of).toList();
    List<ShardIndex> all = new ArrayList<>(split == Split.TRAIN ? indexes : others);
    all.addAll(split == Split.TRAIN ? others : indexes);
    return new TarShards(shards, indexes, new ShardClasses(all));
  }

  /** All shards have classes, or none. */
  private static void requireAlike(List<MappedFile> shards, List<ShardIndex> indexes) {
    int with = -1;
    int without = -1;
    for (int shard = 0; shard < indexes.size(); shard++) {
      if (indexes.get(shard).isLabelled()) {
        with = shard;
      } else if (!indexes.get(shard).samples().isEmpty()) {
        without = shard;
      }
    }
    if (with >= 0 && without >= 0) {
      throw new DataException(
          "shard %s has no .cls and shard %s has; give shards of one kind"
              .formatted(
                  FileNames.text(shards.get(without).path()),
                  FileNames.text(shards.get(with).path())));
    }
  }

  private static List<String> notices(List<MappedFile> shards, List<ShardIndex> indexes) {
    long unused = indexes.stream().mapToLong(ShardIndex::unused).sum();
    for (int shard = 0; shard < indexes.size(); shard++) {
      if (indexes.get(shard).unused() > 0) {
        return List.of(
            "%d members of the shards are neither picture nor .cls and are not used; the first is %s:%s"
                .formatted(
                    unused,
                    FileNames.text(shards.get(shard).path()),
                    indexes.get(shard).firstUnused()));
      }
    }
    return List.of();
  }

  private MappedFile shard(int sample) {
    int found = Arrays.binarySearch(firsts, sample);
    if (found < 0) {
      return shards.get(-found - 2);
    }
    // Of shards that begin at the same sample, the last one holds it and the others are empty.
    while (found + 1 < firsts.length && firsts[found + 1] == sample) {
      found++;
    }
    return shards.get(found);
  }

  @Override
  public int size() {
    return samples.size();
  }

  @Override
  public int classes() {
    return labelled ? classes.count() : 0;
  }

  @Override
  public int label(int sample) {
    return classes.label(samples.get(sample).number());
  }

  @Override
  public String className(int label) {
    return classes.name(label);
  }

  @Override
  public List<String> notices() {
    return notices;
  }

  @Override
  public String name(int sample) {
    return FileNames.text(shard(sample).path()) + ":" + samples.get(sample).name();
  }

  @Override
  public String path(int sample) {
    return FileNames.name(shard(sample).path()) + "/" + samples.get(sample).name();
  }

  @Override
  public long fingerprint() {
    return fingerprint;
  }

  @Override
  public void willRead(int sample) {
    shard(sample).willNeed(samples.get(sample).offset(), samples.get(sample).length());
  }

  @Override
  public void read(int sample, Picture into) throws BrokenPictureException {
    Reader reader = readers.get();
    reader.decode(copy(sample, reader.file()), into);
  }

  @Override
  public byte[] encoded(int sample) throws BrokenPictureException {
    FileBytes room = readers.get().file();
    int length = copy(sample, room);
    return Arrays.copyOf(room.bytes(), length);
  }

  private int copy(int sample, FileBytes room) throws BrokenPictureException {
    ShardIndex.Sample one = samples.get(sample);
    if (one.length() == 0) {
      throw new BrokenPictureException("the file is empty");
    }
    if (one.length() >= FileBytes.MOST_BYTES) {
      throw FileBytes.tooLarge();
    }
    willRead(sample);
    shard(sample).copy(one.offset(), room.ofSize(one.length()), one.length());
    return one.length();
  }
}
