package io.urrl.actors.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = folder.resolve("all.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z.weight", Tensor.of(new float[] {1.5f, -2, 3, 4, 5, 6}, 2, 3));
    tensors.put("count", Tensor.of(new long[] {Long.MAX_VALUE}));
    tensors.put("double", Tensor.of(new double[] {Math.PI}, 1));
    tensors.put("bytes", Tensor.of(new byte[] {1, -1, 3}, 3));
    tensors.put("odd", Tensor.of(new float[] {7}, 1));
    tensors.put("none", Tensor.of(new float[0], 0, 4));
    Safetensors.write(file, tensors, Map.of("format", "pt"));
    try (Arena arena = Arena.ofConfined()) {
      Safetensors.Contents contents = Safetensors.read(file, arena);
      assertEquals(Map.of("format", "pt"), contents.metadata());
      assertEquals(tensors.keySet(), contents.tensors().keySet());
      assertEquals(List.of(2L, 3L), contents.tensors().get("z.weight").shape());
      assertArrayEquals(
          new float[] {1.5f, -2, 3, 4, 5, 6}, contents.tensors().get("z.weight").toFloats());
      assertEquals(Long.MAX_VALUE, contents.tensors().get("count").toLongs()[0]);
      assertEquals(Math.PI, contents.tensors().get("double").toDoubles()[0]);
      assertArrayEquals(new long[] {1, 255, 3}, contents.tensors().get("bytes").toLongs());
      assertArrayEquals(new float[] {7}, contents.tensors().get("odd").toFloats());
      assertEquals(0, contents.tensors().get("none").elements());
    }
    long header =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertEquals(0, header % 8);
  }

  @Test
  void bytesAreThoseOfTheFormat() throws IOException {
    Path file = folder.resolve("one.safetensors");
    Safetensors.write(file, Map.of("a", Tensor.of(new float[] {1}, 1)), Map.of());
    ByteBuffer expected = ByteBuffer.allocate(8 + 56 + 4).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(56);
    expected.put(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}  "
            .getBytes(StandardCharsets.UTF_8));
    expected.putFloat(1);
    assertArrayEquals(expected.array(), Files.readAllBytes(file));
  }

  @Test
  void heapMemoryOfAnyKindIsWritten() throws IOException {
    Path file = folder.resolve("heap.safetensors");
    MemorySegment floats = MemorySegment.ofArray(new float[] {3, 4});
    Safetensors.write(file, Map.of("a", Tensor.of(ElementType.F32, floats, 2)), Map.of());
    assertArrayEquals(new float[] {3, 4}, Safetensors.read(file).get("a").toFloats());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | claims 4 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | cut off",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}} | belong to none",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]}} | behind a gap",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}} | inside another",
        "{\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}} | dtype 'BF16'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[4,0]}} | impossible",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807],\"data_offsets\":[0,4]}}"
            + " | impossible",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}} | impossible",
        "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}} | lacks shape",
        "{\"a\":{},\"a\":{}} | not valid JSON",
        "[1] | not a JSON object",
        "{\"a\": | not valid JSON",
      })
  void damagedHeadersAreNamed(String header, String reason) throws IOException {
    Path file = folder.resolve("bad.safetensors");
    byte[] json = header.strip().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(json.length).put(json).array());
    String message =
        assertThrows(TensorFileException.class, () -> Safetensors.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    assertTrue(message.contains(reason), message);
  }

  @Test
  void aFileCutAnywhereIsRefused() throws IOException {
    Path file = folder.resolve("cut.safetensors");
    Safetensors.write(file, Map.of("a", Tensor.of(new float[] {1, 2}, 2)), Map.of());
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThrows(TensorFileException.class, () -> Safetensors.read(file), length + " bytes");
    }
  }
}
