package io.urrl.augment.data;

import io.urrl.augment.image.BrokenPictureException;
import io.urrl.augment.image.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Shards as WebDataset has them, read as they are: tar archives in which {@code KEY.jpg} (or {@code
 * .png}, {@code .webp}, {@code .bmp}) stands beside {@code KEY.cls}, the number of its class. The
 * samples have the order of the shards' names and of the members in them; every one is reached by
 * its position.
 */
public final class TarShards implements EncodedPictures {
  private final List<MappedFile> shards;
  private final int[] firsts;
  private final List<ShardIndex.Sample> samples;
  private final int classes;
  private final long fingerprint;
  private final ThreadLocal<Reader> readers = ThreadLocal.withInitial(Reader::new);

  private TarShards(List<MappedFile> shards, List<ShardIndex> indexes, int classes) {
    this.shards = shards;
    this.classes = classes;
    firsts = new int[shards.size()];
    samples = new ArrayList<>();
    Fingerprint print = new Fingerprint();
    for (int shard = 0; shard < firsts.length; shard++) {
      firsts[shard] = samples.size();
      samples.addAll(indexes.get(shard).samples());
      print.add(shards.get(shard).path().getFileName().toString());
    }
    samples.forEach(one -> print.add(one.name()).add(one.length()).add(one.label()));
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
              ? source + " has no training shards; they hold KEY.jpg beside KEY.cls"
              : source + " has no test shards; name them test-*.tar or val-*.tar");
    }
    // Both parts number their classes alike, whichever of them a class occurs in.
    Split other = split == Split.TRAIN ? Split.TEST : Split.TRAIN;
    int classes =
        Math.max(
            classes(indexes),
            classes(ShardPattern.shards(source, other).stream().map(ShardIndex::of).toList()));
    return new TarShards(shards, indexes, classes);
  }

  private static int classes(List<ShardIndex> indexes) {
    return indexes.stream()
        .flatMap(index -> index.samples().stream())
        .mapToInt(sample -> sample.label() + 1)
        .max()
        .orElse(0);
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
    return classes;
  }

  @Override
  public int label(int sample) {
    return samples.get(sample).label();
  }

  @Override
  public String className(int label) {
    return Integer.toString(label);
  }

  @Override
  public String name(int sample) {
    return shard(sample).path() + ":" + samples.get(sample).name();
  }

  @Override
  public String path(int sample) {
    return shard(sample).path().getFileName() + "/" + samples.get(sample).name();
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
    willRead(sample);
    shard(sample).copy(one.offset(), room.ofSize(one.length()), one.length());
    return one.length();
  }
}
