package io.urrl.actors.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NpyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void everyTypeComesBack(ElementType type) throws IOException {
    Path file = folder.resolve("a.npy");
    byte[] data = new byte[6 * type.bytes()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i * 37);
    }
    Npy.write(file, Tensor.of(type, MemorySegment.ofArray(data), 2, 3));
    Tensor read = Npy.read(file);
    assertEquals(type, read.type());
    assertEquals(List.of(2L, 3L), read.shape());
    assertEquals(-1, read.data().mismatch(MemorySegment.ofArray(data)));
  }

  @Test
  void bytesAreThoseOfNumpy() throws IOException {
    Path file = folder.resolve("a.npy");
    Npy.write(file, Tensor.of(new float[] {1, 2, 3}, 3));
    byte[] bytes = Files.readAllBytes(file);
    String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";
    assertEquals(128 + 12, bytes.length);
    assertEquals(118, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort(8));
    assertEquals("\u0093NUMPY\u0001\u0000", new String(bytes, 0, 8, StandardCharsets.ISO_8859_1));
    String padded = dictionary + " ".repeat(117 - dictionary.length()) + "\n";
    assertEquals(padded, new String(bytes, 10, 118, StandardCharsets.ISO_8859_1));
    Npy.write(file, Tensor.of(new long[] {5}));
    assertEquals(List.of(), Npy.read(file).shape());
    assertArrayEquals(new long[] {5}, Npy.read(file).toLongs());
  }

  @Test
  void aHeaderTooLongForVersion1IsWrittenInVersion2() throws IOException {
    Path file = folder.resolve("long.npy");
    List<Long> shape = Collections.nCopies(30_000, 1L);
    Npy.write(file, new Tensor(ElementType.F32, shape, Tensor.of(new float[] {4}, 1).data()));
    assertEquals(2, Files.readAllBytes(file)[6]);
    assertEquals(shape, Npy.read(file).shape());
    assertArrayEquals(new float[] {4}, Npy.read(file).toFloats());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'descr': '<f4', 'fortran_order': True, 'shape': (1,), } | ascontiguousarray",
        "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), } | type >f4",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } | needs 8",
        "{'descr': '<f4', 'fortran_order': False, } | lacks shape",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), } | impossible",
      })
  void damagedHeadersAreNamed(String header, String reason) throws IOException {
    Path file = folder.resolve("bad.npy");
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(10 + text.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.UTF_8)).put((byte) 1);
    Files.write(file, bytes.put((byte) 0).putShort((short) text.length).put(text).array());
    String message = assertThrows(TensorFileException.class, () -> Npy.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    assertTrue(message.contains(reason), message);
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path file = folder.resolve("text.npy");
    Files.writeString(file, "this is no array at all");
    assertThrows(TensorFileException.class, () -> Npy.read(file));
    Files.writeString(file, "");
    assertThrows(TensorFileException.class, () -> Npy.read(file));
  }
}
