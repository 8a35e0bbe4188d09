package io.urrl.augment.data;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * File names as texts without loss. A file system's names are bytes; mostly, but not always, they
 * are UTF-8. A text of this class is UTF-8 decoded; a byte {@code b} that is no part of valid UTF-8
 * becomes the private character U+F700 + b, and so does each byte of such a character that a name
 * really holds. Every sequence of bytes therefore has one text and gets its bytes back from it, in
 * any locale, while the text survives JSON, messages and packs.
 *
 * <p>The JDK's paths keep the bytes that they were listed with, but exchange them as text only in
 * the locale's encoding, with losses. A path's URI has all of them, in both directions.
 */
public final class FileNames {
  private static final char BASE = '\uF700';
  private static final char FIRST = '\uF780';
  private static final char LAST = '\uF7FF';
  private static final Pattern FOREIGN = Pattern.compile("[\uF780-\uF7FF]");
  private static final char REPLACEMENT = '\uFFFD';
  private static final String UNESCAPED = "/-._~";
  private static final Path ROOT = Path.of("/");

  /** Whether the JDK takes the names of paths for UTF-8. */
  private static final boolean UTF_8 =
      Charset.forName(System.getProperty("sun.jnu.encoding"), StandardCharsets.US_ASCII)
          .equals(StandardCharsets.UTF_8);

  /** The text of a name's bytes. */
  public static String text(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return hasAny(text, REPLACEMENT, REPLACEMENT) || hasAny(text, FIRST, LAST)
        ? escaped(bytes)
        : text;
  }

  private static String escaped(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    while (in.hasRemaining()) {
      CoderResult result = decoder.reset().decode(in, out, true);
      out.flip();
      while (out.hasRemaining()) {
        char next = out.get();
        if (next >= FIRST && next <= LAST) {
          for (byte part : Character.toString(next).getBytes(StandardCharsets.UTF_8)) {
            text.append(foreign(part));
          }
        } else {
          text.append(next);
        }
      }
      out.clear();
      for (int i = 0; result.isError() && i < result.length(); i++) {
        text.append(foreign(in.get()));
      }
    }
    return text.toString();
  }

  private static char foreign(byte part) {
    return (char) (BASE + (part & 0xFF));
  }

  /** The bytes of a name's text. */
  public static byte[] bytes(String text) {
    if (!hasAny(text, FIRST, LAST)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    ByteBuffer bytes = ByteBuffer.allocate(3 * text.length());
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      boolean end = i == text.length();
      if (end || (text.charAt(i) >= FIRST && text.charAt(i) <= LAST)) {
        bytes.put(text.substring(from, i).getBytes(StandardCharsets.UTF_8));
        if (!end) {
          bytes.put((byte) (text.charAt(i) - BASE));
        }
        from = i + 1;
      }
    }
    byte[] exact = new byte[bytes.flip().remaining()];
    bytes.get(exact);
    return exact;
  }

  /** A text for people: bytes that are no UTF-8 as {@code \xE9}. */
  public static String shown(String text) {
    return hasAny(text, FIRST, LAST)
        ? FOREIGN
            .matcher(text)
            .replaceAll(found -> "\\\\x%02X".formatted((found.group().charAt(0) - BASE)))
        : text;
  }

  /** The text of a path. */
  public static String text(Path path) {
    String text = path.toString();
    boolean faithful =
        UTF_8 && !hasAny(text, REPLACEMENT, REPLACEMENT) && !hasAny(text, FIRST, LAST);
    return faithful || isAscii(text) ? text : text(rawBytes(path));
  }

  private static byte[] rawBytes(Path path) {
    String raw = ROOT.resolve(path).toUri().getRawPath();
    int from = path.isAbsolute() ? 0 : 1;
    // A directory's URI ends in a slash, its path does not.
    int end = raw.length() > 1 && raw.endsWith("/") ? raw.length() - 1 : raw.length();
    ByteBuffer bytes = ByteBuffer.allocate(end);
    for (int i = from; i < end; i++) {
      if (raw.charAt(i) == '%') {
        bytes.put((byte) Integer.parseInt(raw, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.put((byte) raw.charAt(i));
      }
    }
    byte[] exact = new byte[bytes.flip().remaining()];
    bytes.get(exact);
    return exact;
  }

  /** The text of the last part of a path. */
  public static String name(Path path) {
    Path last = path.getFileName();
    return last == null ? "" : text(last);
  }

  /**
   * The path with a text.
   *
   * @throws java.nio.file.InvalidPathException when no path can have it
   */
  public static Path path(String text) {
    if (isAscii(text) || (UTF_8 && !hasAny(text, FIRST, LAST))) {
      return Path.of(text);
    }
    StringBuilder raw = new StringBuilder("file://");
    boolean absolute = text.startsWith("/");
    raw.append(absolute ? "" : "/");
    for (byte part : bytes(text)) {
      boolean plain = part > 0 && (Character.isLetterOrDigit(part) || UNESCAPED.indexOf(part) >= 0);
      raw.append(plain ? Character.toString(part) : "%%%02X".formatted(part & 0xFF));
    }
    Path path = Path.of(URI.create(raw.toString()));
    return absolute ? path : ROOT.relativize(path);
  }

  /** A path below another one. */
  static Path resolve(Path parent, String text) {
    return parent.resolve(path(text));
  }

  /** The path beside another one whose name is longer by {@code suffix}. */
  static Path beside(Path path, String suffix) {
    return path.resolveSibling(path(name(path) + suffix));
  }

  private static boolean isAscii(String text) {
    return !hasAny(text, '\u0080', '\uFFFF');
  }

  private static boolean hasAny(String text, char first, char last) {
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      if (one >= first && one <= last) {
        return true;
      }
    }
    return false;
  }

  private FileNames() {}
}
