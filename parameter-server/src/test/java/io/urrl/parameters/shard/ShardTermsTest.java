package io.urrl.parameters.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.ShardFailed;
import io.urrl.actors.protocol.TrainerCommand.Standing;
import io.urrl.actors.protocol.TrainerCommand.TermTaken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.IoUtil;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose term a shard takes part in. */
class ShardTermsTest {
  private static final Result FIRST = Micro.result(0, 0, 0, "");

  @TempDir private Path folder;
  private Path run;
  private ShardBench shard;

  @BeforeEach
  void start() throws IOException {
    run = Files.createDirectory(folder.resolve("run"));
    shard = new ShardBench(run);
  }

  @Test
  void aTermThatIsBegunTwiceIsAnsweredTheSame() {
    shard.beginTerm(3);
    Standing standing = shard.standing();
    assertEquals(3, standing.term());
    assertEquals(0, standing.version());
    assertEquals("a fresh start", standing.origin());
    shard.beginTerm(3);
    assertEquals(standing, shard.standing());
    shard.send(3, FIRST);
    standing = shard.standing();
    assertEquals(List.of(FIRST), standing.results());
    shard.beginTerm(3);
    assertEquals(standing, shard.standing(), "the results stay");
  }

  @Test
  void theTermOfAnotherTrainerIsTaken() {
    TestInbox<TrainerCommand> other = TestInbox.create("other");
    shard.beginTerm(3, ShardBench.INCARNATION, other.getRef());
    assertEquals(Standing.class, other.receiveMessage().getClass());
    for (int term = 1; term <= 3; term++) {
      shard.beginTerm(term);
      assertEquals(3, ((TermTaken) shard.trainer().receiveMessage()).highest());
    }
    assertTrue(other.getAllReceived().isEmpty());
    shard.send(3, FIRST);
    assertEquals(1, other.getAllReceived().size(), "its term goes on");
  }

  /** It has the same reference, and knows nothing of what it ordered before. */
  @Test
  void theTermOfATrainerThatWasRestartedIsTaken() {
    shard.beginTerm(3);
    shard.standing();
    shard.beginTerm(3, ShardBench.INCARNATION + 1, shard.trainer().getRef());
    assertEquals(List.of(3), taken());
    shard.beginTerm(4, ShardBench.INCARNATION + 1, shard.trainer().getRef());
    assertEquals(4, shard.standing().term());
  }

  @Test
  void aLowerTermOfTheSameTrainerIsTaken() {
    shard.beginTerm(3);
    shard.standing();
    shard.beginTerm(2);
    assertEquals(List.of(3), taken());
  }

  private List<Integer> taken() {
    return shard.told().stream().map(answer -> ((TermTaken) answer).highest()).toList();
  }

  @Test
  void termsOutliveTheShard() throws IOException {
    shard.beginTerm(3);
    ShardBench successor = new ShardBench(run);
    successor.beginTerm(3);
    assertEquals(3, ((TermTaken) successor.trainer().receiveMessage()).highest());
    successor.beginTerm(4);
    assertEquals(4, successor.standing().term());
  }

  @Test
  void aHigherTermForgetsTheResultsOfTheOneBefore() {
    shard.beginTerm(3);
    shard.sendStep(3, 0);
    shard.told();
    shard.beginTerm(4);
    assertEquals(List.of(), shard.standing().results());
    shard.send(3, FIRST);
    assertEquals(List.of(), shard.told());
    shard.send(4, FIRST);
    assertEquals(List.of(FIRST), shard.standing().results());
  }

  @Test
  void whatATermOrderedThatIsOverIsNotDone() {
    shard.beginTerm(3);
    shard.sendStep(3, 0);
    shard.beginTerm(4);
    shard.sendStep(4, 0);
    shard.told();
    shard.apply(3, 0, true);
    shard.tell(new ShardCommand.WriteCheckpoint(3, 0));
    shard.tell(new ShardCommand.Report(3));
    assertEquals(List.of(), shard.told());
    assertEquals(0, shard.state().version());
    assertTrue(shard.disk().isEmpty());
    shard.tell(new ShardCommand.Report(4));
    assertEquals(2, shard.standing().results().size());
  }

  @Test
  void anUpdateBeforeANewTermCountsInItsStanding() {
    shard.beginTerm(3);
    shard.step(3, 0);
    shard.beginTerm(4);
    assertEquals(1, shard.standing().version());
  }

  @Test
  void aTermThatCannotBeWrittenDownIsNotBegun() throws IOException {
    shard.beginTerm(3);
    shard.told();
    IoUtil.delete(run.toFile(), false);
    shard.beginTerm(4);
    ShardFailed failed = (ShardFailed) shard.told().getFirst();
    assertEquals(4, failed.term());
    assertTrue(failed.text().startsWith(run.resolve("term") + " cannot be written"), failed.text());
    shard.tell(new ShardCommand.Report(3));
    assertEquals(3, shard.standing().term(), "the one before goes on");
  }
}
