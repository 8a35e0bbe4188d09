package io.urrl.actors.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The safetensors file format: eight bytes of header length, little endian; a JSON header that
 * gives each tensor's {@code dtype}, {@code shape} and {@code data_offsets}, padded with blanks to
 * a multiple of eight bytes; then the tensors' bytes without gaps.
 */
public final class Safetensors {
  private static final String METADATA = "__metadata__";
  private static final long LONGEST_HEADER = 100_000_000;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * What a file holds.
   *
   * @param tensors in the order of their bytes
   * @param metadata free text of the header, empty when there is none
   */
  public record Contents(Map<String, Tensor> tensors, Map<String, String> metadata) {}

  private Safetensors() {}

  /**
   * Maps a file into memory for as long as its tensors are reachable.
   *
   * @return the tensors in the order of their bytes; read-only views of the file
   * @throws TensorFileException when the file is cut off or its header does not describe it
   */
  public static Map<String, Tensor> read(Path file) throws IOException {
    return read(file, Arena.ofAuto()).tensors();
  }

  /**
   * Maps a file into memory for the life of {@code arena}.
   *
   * @throws TensorFileException when the file is cut off or its header does not describe it
   */
  public static Contents read(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < Long.BYTES) {
        throw new TensorFileException(file, "not a safetensors file: only " + size + " bytes");
      }
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      long length = bytes.get(Tensor.LONG, 0);
      if (length < 2 || length > Math.min(LONGEST_HEADER, size - Long.BYTES)) {
        throw new TensorFileException(
            file,
            "not a safetensors file, or cut off: header of "
                + Long.toUnsignedString(length)
                + " bytes in a file of "
                + size);
      }
      JsonNode header = parse(file, bytes.asSlice(Long.BYTES, length));
      return contents(file, header, bytes.asSlice(Long.BYTES + length));
    }
  }

  /**
   * Writes a file; it is not synchronised to the disk and, on failure, left incomplete.
   *
   * @param tensors written in the order of the map
   * @param metadata free text for the header; left out when empty
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      write(channel, tensors, metadata);
    }
  }

  /** Streams the same bytes into any channel, for instance one that also computes a digest. */
  public static void write(
      WritableByteChannel channel, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    SegmentChannels.write(channel, header(tensors, metadata));
    for (Tensor tensor : tensors.values()) {
      SegmentChannels.write(channel, tensor.data());
    }
  }

  private static ByteBuffer header(Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = root.putObject(METADATA);
      metadata.forEach(texts::put);
    }
    long end = 0;
    for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
      if (named.getKey().equals(METADATA)) {
        throw new IllegalArgumentException("no tensor may be called " + METADATA);
      }
      Tensor tensor = named.getValue();
      ObjectNode entry = root.putObject(named.getKey());
      entry.put("dtype", tensor.type().name());
      tensor.shape().forEach(entry.putArray("shape")::add);
      long begin = end;
      end += tensor.data().byteSize();
      entry.putArray("data_offsets").add(begin).add(end);
    }
    byte[] json = JSON.writeValueAsBytes(root);
    int padded = Math.ceilDiv(json.length, Long.BYTES) * Long.BYTES;
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(padded).put(json);
    while (buffer.hasRemaining()) {
      buffer.put((byte) ' ');
    }
    return buffer.flip();
  }

  private static JsonNode parse(Path file, MemorySegment bytes) throws TensorFileException {
    String text =
        new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8).stripTrailing();
    try {
      JsonNode header = JSON.readTree(text);
      if (!header.isObject()) {
        throw new TensorFileException(file, "the header is not a JSON object");
      }
      return header;
    } catch (JsonProcessingException e) {
      throw new TensorFileException(
          file, "the header is not valid JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** A tensor's claim on bytes [begin, end) of the data. */
  private record Claim(String name, ElementType type, List<Long> shape, long begin, long end) {}

  private static Contents contents(Path file, JsonNode header, MemorySegment data)
      throws TensorFileException {
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Claim> claims = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (!field.getKey().equals(METADATA)) {
        claims.add(claim(file, field.getKey(), field.getValue()));
        continue;
      }
      for (Map.Entry<String, JsonNode> text : field.getValue().properties()) {
        metadata.put(text.getKey(), text.getValue().asText());
      }
    }
    claims.sort(Comparator.comparingLong(Claim::begin).thenComparingLong(Claim::end));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long end = 0;
    for (Claim claim : claims) {
      if (claim.begin() != end) {
        throw new TensorFileException(
            file,
            "tensor "
                + claim.name()
                + " begins at byte "
                + claim.begin()
                + (claim.begin() < end ? " inside another one" : " behind a gap")
                + "; expected "
                + end);
      }
      end = claim.end();
      if (end > data.byteSize()) {
        throw new TensorFileException(
            file,
            "cut off: tensor " + claim.name() + " ends at byte " + end + " of " + data.byteSize());
      }
      tensors.put(
          claim.name(),
          new Tensor(
              claim.type(), claim.shape(), data.asSlice(claim.begin(), end - claim.begin())));
    }
    if (end != data.byteSize()) {
      throw new TensorFileException(
          file, (data.byteSize() - end) + " bytes behind the last tensor belong to none");
    }
    return new Contents(tensors, metadata);
  }

  private static Claim claim(Path file, String name, JsonNode entry) throws TensorFileException {
    String dtype = entry.path("dtype").asText();
    ElementType type;
    try {
      type = ElementType.valueOf(dtype);
    } catch (IllegalArgumentException e) {
      throw new TensorFileException(
          file, "tensor " + name + " has dtype '" + dtype + "'; convert it to F32 first", e);
    }
    JsonNode dimensions = entry.path("shape");
    JsonNode offsets = entry.path("data_offsets");
    if (!dimensions.isArray() || !offsets.isArray() || offsets.size() != 2) {
      throw new TensorFileException(file, "tensor " + name + " lacks shape or data_offsets");
    }
    List<Long> shape = new ArrayList<>();
    long bytes = type.bytes();
    try {
      for (JsonNode dimension : dimensions) {
        long length = whole(dimension);
        shape.add(length);
        bytes = Math.multiplyExact(bytes, length);
      }
      long begin = whole(offsets.get(0));
      long end = whole(offsets.get(1));
      if (end - begin != bytes) {
        throw new TensorFileException(
            file, "tensor " + name + " of shape " + shape + " claims " + (end - begin) + " bytes");
      }
      return new Claim(name, type, shape, begin, end);
    } catch (ArithmeticException e) {
      throw new TensorFileException(
          file, "tensor " + name + " has an impossible shape or offset: " + entry, e);
    }
  }

  private static long whole(JsonNode number) {
    if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 0) {
      throw new ArithmeticException("not a whole number from 0 on");
    }
    return number.asLong();
  }
}
