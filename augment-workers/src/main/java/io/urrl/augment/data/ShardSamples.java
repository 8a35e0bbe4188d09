package io.urrl.augment.data;

import io.urrl.augment.data.TarScan.Kind;
import io.urrl.augment.data.TarScan.Member;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Puts the members of a shard together to samples. As WebDataset has it, a sample's key is a
 * member's name up to the first dot behind the last slash, and what follows that dot says what the
 * member is: a picture where its last part is {@code jpg}, {@code jpeg}, {@code png}, {@code webp}
 * or {@code bmp}, the class where it is {@code cls}. What would lose a picture is refused: a key
 * with two pictures or two classes, and one that lacks a part which others have.
 */
final class ShardSamples {
  private static final Set<String> PICTURES = Set.of("jpg", "jpeg", "png", "webp", "bmp");
  private static final String CLASS = "cls";
  private static final int LONGEST_CLASS = 32;

  /** The picture and the class of a key, as far as the walk has seen them. */
  private static final class Parts {
    private Member picture;
    private Member classMember;
    private long number = ShardIndex.NO_CLASS;

    boolean isWhole(boolean labelled) {
      return picture != null && (!labelled || classMember != null);
    }
  }

  private final String shard;
  private final FileChannel channel;
  private final Map<String, Parts> keys = new LinkedHashMap<>();
  private final Map<String, Member> targets = new HashMap<>();
  private final Map<Long, String> texts = new HashMap<>();
  private boolean labelled;
  private int unused;
  private String firstUnused = "";

  private ShardSamples(String shard, FileChannel channel) {
    this.shard = shard;
    this.channel = channel;
  }

  /**
   * Walks a shard.
   *
   * @throws DataException when it cannot be used
   */
  static ShardIndex of(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ShardSamples samples = new ShardSamples(FileNames.text(path), channel);
      try {
        TarScan.walk(path, samples::take);
      } catch (ArchiveDamage e) {
        throw new DataException(
            "shard %s cannot be used: %s%s"
                .formatted(
                    samples.shard, e.getMessage(), e.isArchive() ? "; " + samples.before() : ""),
            e);
      }
      return samples.index();
    }
  }

  private String before() {
    long whole = keys.values().stream().filter(parts -> parts.isWhole(labelled)).count();
    return whole == 1 ? "1 sample before that is whole" : whole + " samples before that are whole";
  }

  private void take(Member member) throws IOException {
    String name = member.name();
    int base = name.lastIndexOf('/') + 1;
    int dot = name.indexOf('.', base);
    String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    boolean picture = PICTURES.contains(last);
    // Without a key, or hidden, as the attributes are that macOS puts beside each file.
    boolean keyed = dot > base;
    if (!keyed || (!picture && !last.equals(CLASS)) || member.kind() == Kind.OTHER) {
      unused++;
      firstUnused = unused == 1 ? name : firstUnused;
      return;
    }
    Parts parts = keys.computeIfAbsent(name.substring(0, dot), key -> new Parts());
    Member content = content(member);
    targets.put(name, content);
    if (picture) {
      requireSingle(name.substring(0, dot), "pictures", parts.picture, member);
      parts.picture = content;
    } else {
      requireSingle(name.substring(0, dot), "classes", parts.classMember, member);
      parts.classMember = content;
      parts.number = number(content);
      labelled = true;
    }
  }

  /** The member under its own name with the content that it has or links to. */
  private Member content(Member member) {
    return switch (member.kind()) {
      case HARD_LINK -> {
        Member target = targets.get(member.link());
        if (target == null) {
          throw refusal(
              "%s links to %s, which is not before it; make it anew with tar --hard-dereference"
                  .formatted(member.name(), member.link()));
        }
        yield new Member(Kind.FILE, member.name(), target.offset(), target.size(), "");
      }
      case SYMBOLIC_LINK ->
          throw refusal(
              "%s is a link to %s and not a file; make it anew with tar --dereference"
                  .formatted(member.name(), member.link()));
      case SPARSE ->
          throw refusal(
              "%s is stored as a sparse file; make it anew with tar without --sparse"
                  .formatted(member.name()));
      case FILE, OTHER -> member;
    };
  }

  private void requireSingle(String key, String what, Member known, Member member) {
    if (known == null) {
      return;
    }
    if (known.name().equals(member.name())) {
      throw refusal(
          "the key %s occurs twice, with two members %s; give each sample a key of its own"
              .formatted(key, known.name()));
    }
    throw refusal(
        ("the key %s has two %s, %s and %s; a key ends at the first dot of the file's name and has"
                + " one picture: rename the members, or leave one out")
            .formatted(key, what, known.name(), member.name()));
  }

  private long number(Member member) throws IOException {
    byte[] bytes = new byte[(int) Math.min(member.size(), LONGEST_CLASS)];
    TarScan.read(channel, member.offset(), bytes, bytes.length);
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    if (!text.matches("[0-9]{1,18}") || member.size() > LONGEST_CLASS) {
      throw refusal(
          "%s holds '%s'; a class is a number from 0, in at most 18 digits"
              .formatted(member.name(), text));
    }
    long number = Long.parseLong(text);
    if (!text.equals(Long.toString(number))) {
      texts.putIfAbsent(number, text);
    }
    return number;
  }

  private ShardIndex index() {
    List<ShardIndex.Sample> samples = new ArrayList<>(keys.size());
    keys.forEach(
        (key, parts) -> {
          if (!parts.isWhole(labelled)) {
            throw refusal(
                "%s has no %s; each sample needs a picture, and a .cls where others have one"
                    .formatted(key, parts.picture == null ? "picture" : ".cls"));
          }
          samples.add(
              new ShardIndex.Sample(
                  parts.picture.name(),
                  parts.picture.offset(),
                  (int) Math.min(parts.picture.size(), FileBytes.MOST_BYTES),
                  parts.number));
        });
    return new ShardIndex(samples, Map.copyOf(texts), unused, firstUnused);
  }

  private DataException refusal(String text) {
    return new DataException("shard " + shard + ": " + text);
  }
}
