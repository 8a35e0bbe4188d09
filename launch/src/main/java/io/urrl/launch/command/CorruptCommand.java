package io.urrl.launch.command;

import io.urrl.actors.files.FileFailure;
import io.urrl.augment.corrupt.CorruptionKind;
import io.urrl.augment.corrupt.CorruptionTable;
import io.urrl.augment.corrupt.Corruptions;
import io.urrl.augment.corrupt.FrostTextures;
import io.urrl.augment.corrupted.ArrayWriter;
import io.urrl.augment.corrupted.CorruptedSet;
import io.urrl.augment.corrupted.CorruptedWriter;
import io.urrl.augment.corrupted.CorruptionJob;
import io.urrl.augment.corrupted.CorruptionProgress;
import io.urrl.augment.corrupted.FolderWriter;
import io.urrl.augment.corrupted.JobRecord;
import io.urrl.augment.data.PictureSet;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.launch.UsageException;
import io.urrl.launch.UserException;
import io.urrl.launch.report.Terminal;
import io.urrl.launch.report.WorkMeter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a data set's corrupted counterpart. */
@Command(
    name = "corrupt",
    description = {
      "Writes the common corruptions of a data set, as ImageNet-C or CIFAR-C has them. Started"
          + " again with the same options, it goes on where it ended.",
      "",
      "Corruptions: gaussian_noise, shot_noise, impulse_noise, defocus_blur, glass_blur,"
          + " motion_blur, zoom_blur, snow, frost, fog, brightness, contrast, elastic_transform,"
          + " pixelate, jpeg_compression.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  urrl corrupt --data imagenet --out imagenet-c",
      "  urrl corrupt --data imagenet --out imagenet-c --corruption fog --severity 3 --limit 1000",
      "  urrl corrupt --data cifar10 --out cifar10-c --npy"
    })
public final class CorruptCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DATA",
      description =
          "Any data set that pretrain takes: a directory, a pack (FILE.urrl) or tar shards. Its"
              + " test pictures are taken, and all its pictures where none are set apart for"
              + " tests.")
  private String data;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where they go.")
  private Path out;

  @Option(
      names = "--corruption",
      arity = "1..*",
      split = ",",
      paramLabel = "NAME",
      description = "Only these corruptions (default: all).")
  private List<String> names = List.of();

  @Option(
      names = "--severity",
      arity = "1..*",
      split = ",",
      paramLabel = "N",
      description = "Only these severities (default: 1 to 5).")
  private List<Integer> severities = List.of();

  @Option(
      names = "--table",
      description =
          "Parameters and size: imagenet (224 x 224) or cifar (32 x 32); default: imagenet, and"
              + " cifar with --npy.")
  private CorruptionTable table;

  @Option(
      names = "--npy",
      description =
          "Write CORRUPTION.npy and labels.npy as CIFAR-C does, instead of"
              + " CORRUPTION/SEVERITY/CLASS/NAME.JPEG.")
  private boolean npy;

  @Option(names = "--seed", defaultValue = "1", description = "Keys all noise (default: 1).")
  private long seed;

  @Option(names = "--threads", description = "Threads (default: one a processor).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--frost",
      paramLabel = "DIR",
      description = "Pictures of frost (default: those drawn in code).")
  private Path frost;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N pictures (default: all).")
  private int limit = Integer.MAX_VALUE;

  @Override
  public Integer call() throws InterruptedException {
    if (threads < 1 || limit < 1) {
      throw new UsageException("--threads and --limit must be at least 1");
    }
    FrostTextures ice = frost == null ? FrostTextures.drawn() : FrostTextures.read(frost);
    CorruptionJob job = job(ice);
    try {
      JobRecord.claim(out, job, npy, ice.checksum());
      return write(job);
    } catch (IOException e) {
      throw new UserException(
          "%s cannot be written: %s; mend that and run the same command again"
              .formatted(out, FileFailure.reason(out, e)),
          e);
    }
  }

  private CorruptionJob job(FrostTextures ice) {
    List<CorruptionKind> kinds;
    try {
      kinds = names.stream().map(CorruptionKind::named).distinct().toList();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
    for (int severity : severities) {
      if (severity < 1 || severity > CorruptionKind.SEVERITIES) {
        throw new UsageException("severity " + severity + " is none; severities are 1 to 5");
      }
    }
    CorruptionTable chosen = table;
    if (chosen == null) {
      chosen = npy ? CorruptionTable.CIFAR : CorruptionTable.IMAGENET;
    }
    PictureSet pictures = pictures();
    pictures.notices().forEach(System.out::println);
    return new CorruptionJob(
        pictures,
        Math.min(limit, pictures.size()),
        Corruptions.of(chosen, ice),
        kinds.isEmpty() ? List.of(CorruptionKind.values()) : kinds,
        severities.isEmpty()
            ? IntStream.rangeClosed(1, CorruptionKind.SEVERITIES).boxed().toList()
            : severities.stream().distinct().sorted().toList(),
        seed);
  }

  private PictureSet pictures() {
    if (PictureSets.hasTest(data)) {
      return PictureSets.open(data, Split.TEST);
    }
    PictureSet all = PictureSets.open(data, Split.TRAIN);
    System.out.printf("%s has no test pictures; all its %d pictures are taken%n", data, all.size());
    return all;
  }

  private int write(CorruptionJob job) throws IOException, InterruptedException {
    boolean live = Terminal.isLive();
    WorkMeter meter = new WorkMeter(System.out, live, "pictures", job.outputs(), System::nanoTime);
    AtomicInteger broken = new AtomicInteger();
    CorruptionProgress progress =
        new CorruptionProgress() {
          @Override
          public void done(int written, int kept) {
            meter.add(written, kept);
          }

          @Override
          public void broken(String name, String reason) {
            broken.incrementAndGet();
            meter.notice(name + " is left out: " + reason);
          }
        };
    try (CorruptedWriter writer = writer(job)) {
      CorruptedSet.write(job, writer, threads, progress);
    }
    meter.finish();
    System.out.printf(
        "%d written, %d there before, %d unreadable pictures left out, in %s%n",
        meter.fresh(), meter.kept(), broken.get(), out);
    return broken.get() == 0 ? 0 : 1;
  }

  private CorruptedWriter writer(CorruptionJob job) throws IOException {
    return npy ? ArrayWriter.open(out, job) : FolderWriter.open(out, job);
  }
}
