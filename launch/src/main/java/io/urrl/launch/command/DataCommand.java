package io.urrl.launch.command;

import io.urrl.augment.data.FileNames;
import io.urrl.augment.data.PackFile;
import io.urrl.augment.data.PackHeader;
import io.urrl.augment.data.PackVerification;
import io.urrl.augment.data.Split;
import io.urrl.augment.pack.Packing;
import io.urrl.augment.pack.Preparation;
import io.urrl.launch.UsageException;
import io.urrl.launch.report.Terminal;
import io.urrl.launch.report.WorkMeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Packs data sets and looks into packs. */
@Command(
    name = "data",
    description = "Packs a data set into one file, and looks into such files.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  urrl data pack imagenet --out imagenet.urrl",
      "  urrl data pack imagenet --out imagenet-256.urrl --shorter-side 256 --decoded",
      "  urrl pretrain --data imagenet-256.urrl",
      "  urrl data verify imagenet.urrl"
    })
public final class DataCommand {
  private static final double MIB = 1 << 20;

  /** Parts that can be packed. */
  enum Parts {
    TRAIN,
    TEST,
    ALL;

    private Set<Split> splits() {
      return switch (this) {
        case TRAIN -> EnumSet.of(Split.TRAIN);
        case TEST -> EnumSet.of(Split.TEST);
        case ALL -> EnumSet.allOf(Split.class);
      };
    }
  }

  @Command(
      name = "pack",
      description =
          "Packs folders of pictures or tar shards into one indexed file with checksums. After a"
              + " kill or a full disk the same command goes on where it was.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footer = {
        "",
        "Examples:",
        "  urrl data pack imagenet --out imagenet.urrl",
        "  urrl data pack imagenet --out small.urrl --shorter-side 256 --decoded --split train",
        "  urrl data pack 'shards/train-{000..146}.tar' --out imagenet.urrl"
      })
  int pack(
      @Parameters(
              paramLabel = "DIR",
              description = "Pictures in class folders or without classes, or tar shards.")
          String source,
      @Option(
              names = "--out",
              required = true,
              paramLabel = "FILE.urrl",
              description = "The pack to write.")
          Path out,
      @Option(
              names = "--shorter-side",
              defaultValue = "0",
              paramLabel = "PIXELS",
              description =
                  "Resize pictures whose shorter side is longer; they are stored without loss"
                      + " (default: resize none).")
          int shorterSide,
      @Option(
              names = "--decoded",
              description = "Store pixels: no decoding in training, five to ten times the space.")
          boolean decoded,
      @Option(
              names = "--split",
              defaultValue = "all",
              description = "train, test, or all that is there (default: all).")
          Parts parts,
      @Option(
              names = "--threads",
              defaultValue = "0",
              description = "Threads that decode and resize (default: one a core).")
          int threads) {
    if (!out.toString().endsWith(PackFile.SUFFIX)) {
      throw new UsageException("--out " + FileNames.text(out) + " must end in " + PackFile.SUFFIX);
    }
    if (shorterSide < 0 || threads < 0) {
      throw new UsageException("--shorter-side and --threads must not be negative");
    }
    WorkMeter progress =
        new WorkMeter(System.out, Terminal.isLive(), "pictures", 0, System::nanoTime);
    Packing.Result result =
        Packing.pack(
            source,
            parts.splits(),
            out,
            new Preparation(shorterSide, decoded),
            threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
            new Packing.Progress() {
              @Override
              public void at(int done, int total) {
                progress.reach(done, total);
              }

              @Override
              public void notice(String text) {
                progress.notice(text);
              }
            });
    progress.finish();
    String before = result.resumed() == 0 ? "" : ", %,d of them before".formatted(result.resumed());
    System.out.println(
        String.format(
            Locale.ROOT,
            "packed %,d pictures%s into %s, %,.1f MiB",
            result.pictures(),
            before,
            FileNames.shown(FileNames.text(out)),
            result.bytes() / MIB));
    if (result.broken() > 0) {
      System.out.println(result.broken() + " pictures cannot be read and count as broken");
    }
    return 0;
  }

  @Command(
      name = "show",
      description = "What a pack holds.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  urrl data show imagenet.urrl"})
  int show(@Parameters(paramLabel = "FILE", description = "The pack.") Path file)
      throws IOException {
    PackFile pack = PackFile.open(file);
    PackHeader header = pack.header();
    System.out.println(
        String.format(
            Locale.ROOT,
            "%s  %,.1f MiB",
            FileNames.shown(FileNames.text(file)),
            Files.size(file) / MIB));
    System.out.println("pictures   " + header.form().title());
    System.out.println(
        "size       "
            + (header.shorterSide() == 0
                ? "as found"
                : "shorter side at most " + header.shorterSide()));
    System.out.println("classes    " + header.classes());
    for (Split split : Split.values()) {
      System.out.println(
          String.format(
              Locale.ROOT,
              "%-10s %,d pictures, fingerprint %x",
              split.name().toLowerCase(Locale.ROOT),
              header.size(split),
              header.fingerprint(split)));
    }
    String of = pack.label(0) < 0 ? "" : " of class " + pack.classes().get(pack.label(0));
    System.out.println("first      " + FileNames.shown(pack.name(0) + of));
    return 0;
  }

  @Command(
      name = "verify",
      description = "Reads a whole pack and checks all checksums; ends with 1 if one is wrong.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  urrl data verify imagenet.urrl"})
  int verify(@Parameters(paramLabel = "FILE", description = "The pack.") Path file) {
    PackFile pack = PackFile.open(file);
    WorkMeter progress =
        new WorkMeter(
            System.out, Terminal.isLive(), "records", pack.header().records(), System::nanoTime);
    PackVerification.Report report =
        PackVerification.verify(
            pack, System.out::println, done -> progress.reach(done, pack.header().records()));
    progress.finish();
    System.out.println(
        String.format(
            Locale.ROOT,
            "%,d records, %,d damaged, %,d of broken pictures",
            report.records(),
            report.damaged(),
            report.broken()));
    return report.damaged() == 0 ? 0 : 1;
  }
}
