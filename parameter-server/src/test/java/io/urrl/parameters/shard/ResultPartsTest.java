package io.urrl.parameters.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Parts;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.HandPlane;
import io.urrl.parameters.shard.Micro.Part;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResultPartsTest {
  private static final Result RESULT = Micro.result(9, 1, 0, "");
  private static final long BASIS = 77;

  private final ResultParts parts =
      new ResultParts(Arena.ofAuto().allocate(Micro.GRADIENT_BYTES), Micro.CONTRIBUTION_BYTES);
  private final ChunkHandler receiver =
      (header, buffer, payload) ->
          assertTrue(
              parts.accept(
                  header,
                  MemorySegment.ofAddress(buffer.addressOffset() + payload)
                      .reinterpret(header.length())));

  @BeforeEach
  void begin() {
    parts.begin(9, 1, 0);
  }

  private void send(List<Part> all) {
    for (Part part : all) {
      assertFalse(parts.complete(), () -> part.number() + " is missing");
      HandPlane.deliver(
          receiver,
          Micro.id(part.number(), 1, RESULT),
          part.provenance(BASIS),
          part.bytes(),
          0,
          part.bytes().byteSize());
    }
    assertTrue(parts.complete());
  }

  /** All parts, the one at a place damaged. */
  private static List<Part> damagedAt(int place) {
    List<Part> all = new ArrayList<>(Micro.parts(RESULT));
    all.set(place, all.get(place).damaged());
    return all;
  }

  @Test
  void whatComesAsItWasComputedIsWhole() {
    send(Micro.parts(RESULT));
    assertEquals(Optional.empty(), parts.damage(Micro.OBJECTIVE));
    assertEquals(BASIS, parts.basis());
    assertEquals(RESULT, parts.result());
  }

  @Test
  void theReportAloneIsNotAResult() {
    send(Micro.parts(RESULT).reversed());
    assertEquals(RESULT, parts.result());
  }

  @Test
  void whatChangedIsNamed() {
    send(damagedAt(0));
    assertEquals(Optional.of("gradient"), parts.damage(Micro.OBJECTIVE));
    begin();
    send(damagedAt(1));
    assertEquals(Optional.of("contribution to the queue"), parts.damage(Micro.OBJECTIVE));
    begin();
    send(damagedAt(2));
    assertEquals(
        Optional.of("contribution to the query statistics"), parts.damage(Micro.OBJECTIVE));
    begin();
    send(Micro.parts(RESULT));
    assertEquals(Optional.empty(), parts.damage(Micro.OBJECTIVE));
  }

  @Test
  void aNonFiniteResultIsItsReport() {
    Result bad = Micro.result(9, 1, 0, "loss");
    send(Micro.parts(bad));
    assertEquals(bad, parts.result());
    assertEquals(Optional.empty(), parts.damage(Micro.OBJECTIVE));
  }

  @Test
  void bytesThatAreNoReportAreRefused() {
    List<Part> none = List.of(new Part(Parts.REPORT, Micro.floats(8, 1)));
    assertThrows(UncheckedIOException.class, () -> send(none));
  }
}
