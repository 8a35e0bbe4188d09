package io.urrl.actors.tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * NumPy's array file, versions 1 and 2: magic, version, header length (two or four bytes), a Python
 * dictionary with {@code descr}, {@code fortran_order} and {@code shape}, padded so that the data
 * begins at a multiple of 64 bytes. C order and the types of {@link ElementType} only.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;
  private static final int LONGEST_VERSION_1 = 0xFFFF;
  private static final Pattern DESCRIPTOR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\s]*)\\)");

  private Npy() {}

  /**
   * Maps an array into memory for as long as the tensor is reachable.
   *
   * @throws TensorFileException when the file is cut off, in Fortran order or of another type
   */
  public static Tensor read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < 10) {
        throw new TensorFileException(file, "not a .npy file: only " + size + " bytes");
      }
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto());
      if (bytes.asSlice(0, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) >= 0) {
        throw new TensorFileException(file, "not a .npy file");
      }
      int version = bytes.get(ValueLayout.JAVA_BYTE, MAGIC.length);
      if (version < 1 || version > 3 || (version > 1 && size < 12)) {
        throw new TensorFileException(file, "unknown version " + version + " of the .npy format");
      }
      int start = version == 1 ? 10 : 12;
      long length =
          version == 1
              ? Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, 8))
                  | Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, 9)) << 8
              : Integer.toUnsignedLong(bytes.get(Tensor.INT, 8));
      if (start + length > size) {
        throw new TensorFileException(file, "cut off within the header");
      }
      byte[] text = bytes.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE);
      return parse(file, new String(text, StandardCharsets.UTF_8), bytes.asSlice(start + length));
    }
  }

  /** Writes an array, in version 1 unless the header is too long for it. */
  public static void write(Path file, Tensor tensor) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      SegmentChannels.write(channel, header(tensor.type(), tensor.shape()));
      SegmentChannels.write(channel, tensor.data());
    }
  }

  /** What stands before the numbers of an array, for those who write these piece by piece. */
  public static ByteBuffer header(ElementType type, List<Long> shape) {
    String dimensions = shape.stream().map(length -> length + ",").collect(Collectors.joining(" "));
    if (shape.size() > 1) {
      dimensions = dimensions.substring(0, dimensions.length() - 1);
    }
    String text =
        "{'descr': '"
            + type.descriptor()
            + "', 'fortran_order': False, 'shape': ("
            + dimensions
            + "), }";
    byte[] dictionary = text.getBytes(StandardCharsets.US_ASCII);
    int version = dictionary.length + ALIGNMENT < LONGEST_VERSION_1 ? 1 : 2;
    int start = version == 1 ? 10 : 12;
    int total = Math.ceilDiv(start + dictionary.length + 1, ALIGNMENT) * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) version).put((byte) 0);
    if (version == 1) {
      header.putShort((short) (total - start));
    } else {
      header.putInt(total - start);
    }
    header.put(dictionary);
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').flip();
  }

  private static Tensor parse(Path file, String header, MemorySegment data)
      throws TensorFileException {
    String descriptor = find(file, DESCRIPTOR, header, "descr");
    if (find(file, ORDER, header, "fortran_order").equals("True")) {
      throw new TensorFileException(
          file, "in Fortran order; save numpy.ascontiguousarray(array) instead");
    }
    ElementType type = null;
    for (ElementType candidate : ElementType.values()) {
      if (candidate.descriptor().equals(descriptor)) {
        type = candidate;
      }
    }
    if (type == null) {
      throw new TensorFileException(
          file, "has type " + descriptor + "; one of <f4 <f8 <i4 <i8 |u1 |i1 is needed");
    }
    List<Long> shape = new ArrayList<>();
    long bytes = type.bytes();
    try {
      for (String dimension : find(file, SHAPE, header, "shape").split(",", -1)) {
        if (!dimension.isBlank()) {
          long length = Long.parseLong(dimension.strip());
          shape.add(length);
          bytes = Math.multiplyExact(bytes, length);
        }
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw new TensorFileException(file, "has an impossible shape: " + header.strip(), e);
    }
    if (bytes != data.byteSize()) {
      throw new TensorFileException(
          file, "holds " + data.byteSize() + " bytes of data; shape " + shape + " needs " + bytes);
    }
    return new Tensor(type, shape, data);
  }

  private static String find(Path file, Pattern pattern, String header, String field)
      throws TensorFileException {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw new TensorFileException(file, "the header lacks " + field + ": " + header.strip());
    }
    return matcher.group(1);
  }
}
