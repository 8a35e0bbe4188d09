package io.urrl.augment.data;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Recognises compressed files where tar archives are wanted. Reaching any sample of a shard by its
 * position needs an archive that is not compressed; its pictures are compressed anyway.
 */
final class Compression {
  private record Format(String name, String magic, String command) {}

  private static final List<Format> FORMATS =
      List.of(
          new Format("gzip", "1f8b", "gzip -dc"),
          new Format("Zstandard", "28b52ffd", "zstd -dc"),
          new Format("xz", "fd377a585a00", "xz -dc"),
          new Format("bzip2", "425a68", "bzip2 -dc"),
          new Format("LZ4", "04224d18", "lz4 -dc"),
          new Format("compress", "1f9d", "gzip -dc"),
          new Format("lzip", "4c5a4950", "lzip -dc"));

  private static final Pattern NAME =
      Pattern.compile(".*\\.(tar\\.(gz|zst|zstd|xz|bz2|lz4|z|lz)|tgz|tzst|txz|tbz2?)");

  /**
   * What to say of a file that begins with these bytes, when they are those of a compressed one.
   */
  static Optional<String> remedy(byte[] begin, String file) {
    String hex = HexFormat.of().formatHex(begin, 0, Math.min(begin.length, 8));
    return FORMATS.stream()
        .filter(format -> hex.startsWith(format.magic))
        .findFirst()
        .map(
            format ->
                "it is compressed with %s, and shards are read as plain tar archives; unpack it: %s %s > PLAIN.tar"
                    .formatted(format.name, format.command, file));
  }

  /** Whether a name is that of a compressed archive. */
  static boolean names(String source) {
    return NAME.matcher(source.toLowerCase(Locale.ROOT)).matches();
  }

  private Compression() {}
}
