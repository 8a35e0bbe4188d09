package io.urrl.parameters.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.urrl.actors.protocol.Result;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.HandPlane;
import io.urrl.actors.stream.StreamCounters;
import io.urrl.parameters.shard.Micro.Part;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResultInboxTest {
  private static final int TERM = 4;
  private static final long VERSION = 10;

  private final StreamCounters counters = new StreamCounters();
  private final List<ResultParts> complete = new ArrayList<>();
  private final ResultInbox inbox = new ResultInbox(counters, (term, parts) -> complete.add(parts));
  private int rooms;

  @BeforeEach
  void begin() {
    begin(TERM);
  }

  private static Fence fence(int term) {
    return new Fence(Micro.BRIEF.runId(), term);
  }

  private void begin(int term) {
    inbox.begin(
        fence(term),
        VERSION,
        Micro.MICRO_BATCHES,
        2,
        () -> {
          rooms++;
          return new ResultParts(
              Arena.ofAuto().allocate(Micro.GRADIENT_BYTES, 64), Micro.CONTRIBUTION_BYTES);
        });
  }

  private void send(int term, Result result, Part part, long from, long to) {
    HandPlane.deliver(
        inbox, Micro.id(part.number(), term, result), part.provenance(5), part.bytes(), from, to);
  }

  private void send(int term, Result result) {
    Micro.parts(result).forEach(part -> send(term, result, part, 0, part.bytes().byteSize()));
  }

  private void begin(Result result) {
    send(TERM, result, Micro.parts(result).getFirst(), 0, HandPlane.CHUNK);
  }

  private void end(Result result) {
    List<Part> parts = Micro.parts(result);
    send(TERM, result, parts.getFirst(), HandPlane.CHUNK, Micro.GRADIENT_BYTES);
    parts
        .subList(1, parts.size())
        .forEach(part -> send(TERM, result, part, 0, part.bytes().byteSize()));
  }

  private List<Integer> attempts() {
    return complete.stream().map(ResultParts::attempt).toList();
  }

  @Test
  void twoAttemptsComeInSideBySide() {
    Result first = Micro.result(VERSION, 0, 0, "");
    Result second = Micro.result(VERSION, 0, 1, "");
    begin(first);
    begin(second);
    end(second);
    end(first);
    assertEquals(List.of(1, 0), attempts());
    assertEquals(second, complete.getFirst().result());
    assertEquals(0, counters.snapshot().duplicate());
  }

  @Test
  void aThirdAttemptTakesThePlaceOfTheEarliest() {
    for (int attempt = 0; attempt < 3; attempt++) {
      begin(Micro.result(VERSION, 0, attempt, ""));
    }
    end(Micro.result(VERSION, 0, 1, ""));
    end(Micro.result(VERSION, 0, 2, ""));
    assertEquals(List.of(1, 2), attempts());
    assertEquals(2, rooms);
  }

  @Test
  void whatIsNotOfTheOpenStepsIsStale() {
    send(TERM - 1, Micro.result(VERSION, 0, 0, ""));
    send(TERM, Micro.result(VERSION - 1, 0, 0, ""));
    send(TERM, Micro.result(VERSION + 2, 0, 0, ""));
    send(TERM, Micro.result(VERSION, Micro.MICRO_BATCHES, 0, ""));
    assertEquals(List.of(), complete);
    long chunks =
        Micro.parts(Micro.result(VERSION, 0, 0, "")).stream()
            .mapToLong(part -> Math.ceilDiv(part.bytes().byteSize(), HandPlane.CHUNK))
            .sum();
    assertEquals(4 * chunks, counters.snapshot().stale());
    send(TERM, Micro.result(VERSION + 1, 1, 0, ""));
    assertEquals(1, complete.size());
  }

  @Test
  void chunksThatComeTwiceAreNotTakenTwice() {
    Result result = Micro.result(VERSION, 0, 0, "");
    begin(result);
    begin(result);
    assertEquals(1, counters.snapshot().duplicate());
    end(result);
    assertEquals(1, complete.size());
  }

  @Test
  void whatAStepLeavesUnfinishedIsRoomForTheNext() {
    begin(Micro.result(VERSION, 0, 0, ""));
    inbox.applied(fence(TERM - 1), VERSION + 1);
    end(Micro.result(VERSION, 0, 0, ""));
    assertEquals(1, complete.size(), "another term's step was applied");
    begin(Micro.result(VERSION, 1, 0, ""));
    inbox.applied(fence(TERM), VERSION + 1);
    send(TERM, Micro.result(VERSION + 1, 0, 0, ""));
    assertEquals(2, complete.size());
    assertEquals(2, rooms);
  }

  @Test
  void roomThatWasReadIsUsedAgainWithinItsTerm() {
    send(TERM, Micro.result(VERSION, 0, 0, ""));
    inbox.recycle(fence(TERM), complete.getFirst());
    send(TERM, Micro.result(VERSION, 1, 0, ""));
    assertSame(complete.getFirst(), complete.getLast());
    begin(TERM + 1);
    inbox.recycle(fence(TERM), complete.getFirst());
    send(TERM + 1, Micro.result(VERSION, 0, 0, ""));
    assertEquals(2, rooms);
  }

  @Test
  void aNewTermForgetsWhatWasComingIn() {
    begin(Micro.result(VERSION, 0, 0, ""));
    begin(TERM + 1);
    end(Micro.result(VERSION, 0, 0, ""));
    assertEquals(List.of(), complete);
  }
}
