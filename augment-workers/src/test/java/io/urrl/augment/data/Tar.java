package io.urrl.augment.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes archives member by member; names are {@link FileNames}. */
final class Tar {
  static final Path FILES = Path.of("src/test/resources/decode");
  static final int BLOCK = 512;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private String magic = "ustar\00000";
  private String prefix = "";
  private String link = "";
  private byte[] size;
  private boolean signed;

  Tar add(String name, byte[] content) {
    return member(name, '0', content);
  }

  Tar add(String name, String content) {
    return add(name, content.getBytes(StandardCharsets.UTF_8));
  }

  Tar sample(String key, String file, long label) throws IOException {
    return sample(key, file, Long.toString(label));
  }

  Tar sample(String key, String file, String label) throws IOException {
    String suffix = file.substring(file.lastIndexOf('.'));
    return picture(key + suffix, file).add(key + ".cls", label);
  }

  Tar picture(String name, String file) throws IOException {
    return add(name, Files.readAllBytes(FILES.resolve(file)));
  }

  /** The next headers have this magic; "": the old form without one. */
  Tar magic(String text) {
    magic = text;
    return this;
  }

  Tar prefix(String text) {
    prefix = text;
    return this;
  }

  Tar link(String name, char kind, String to) {
    link = to;
    member(name, kind, new byte[0]);
    link = "";
    return this;
  }

  /** The next header has this size field. */
  Tar size(byte[] field) {
    size = field;
    return this;
  }

  /** Checksums are of signed bytes. */
  Tar signed() {
    signed = true;
    return this;
  }

  /** A pax header for the next member. */
  Tar pax(String key, byte[] value) {
    byte[] begin = (" " + key + "=").getBytes(StandardCharsets.UTF_8);
    int length = begin.length + value.length + 1;
    int digits = Integer.toString(length + Integer.toString(length).length()).length();
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.writeBytes(Integer.toString(length + digits).getBytes(StandardCharsets.US_ASCII));
    record.writeBytes(begin);
    record.writeBytes(value);
    record.write('\n');
    return member("pax", 'x', record.toByteArray());
  }

  Tar member(String name, char kind, byte[] content) {
    byte[] header = new byte[BLOCK];
    put(header, 0, FileNames.bytes(name));
    put(header, 100, ascii("0000644\0"));
    put(header, 124, size == null ? ascii("%011o".formatted(content.length)) : size);
    put(header, 148, ascii("        "));
    header[156] = (byte) kind;
    put(header, 157, FileNames.bytes(link));
    put(header, 257, ascii(magic));
    put(header, 345, FileNames.bytes(prefix));
    int sum = 0;
    for (byte value : header) {
      sum += signed ? value : value & 0xFF;
    }
    put(header, 148, ascii("%06o\0 ".formatted(sum)));
    bytes.writeBytes(header);
    size = null;
    return raw(Arrays.copyOf(content, (content.length + BLOCK - 1) / BLOCK * BLOCK));
  }

  Tar raw(byte[] blocks) {
    bytes.writeBytes(blocks);
    return this;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void put(byte[] header, int at, byte[] field) {
    System.arraycopy(field, 0, header, at, field.length);
  }

  int length() {
    return bytes.size();
  }

  /** Without the blocks that end an archive. */
  byte[] open() {
    return bytes.toByteArray();
  }

  void write(Path path) throws IOException {
    raw(new byte[2 * BLOCK]);
    Files.createDirectories(path.getParent());
    Files.write(path, bytes.toByteArray());
  }
}
