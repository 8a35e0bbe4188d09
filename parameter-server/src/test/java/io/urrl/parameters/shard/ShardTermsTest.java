package io.urrl.parameters.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.ShardFailed;
import io.urrl.actors.protocol.TrainerCommand.Standing;
import io.urrl.actors.protocol.TrainerCommand.TermJoined;
import io.urrl.actors.protocol.TrainerCommand.TermTaken;
import io.urrl.parameters.Share;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

  private void join(int term, TestInbox<TrainerCommand> by) throws IOException {
    shard.claim(term);
    shard.join(term, Share.WHOLE, by.getRef());
  }

  @Test
  void aTermThatIsBegunTwiceIsAnsweredTheSame() throws IOException {
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
    shard.tell(new ShardCommand.OpenTerm(3, ShardCommand.OpenTerm.NEWEST, false));
    assertEquals(standing, shard.standing(), "opened once");
  }

  @Test
  void aShardThatJoinsSaysWhatItHoldsOfItsSlice() throws IOException {
    join(3, shard.trainer());
    assertEquals(List.of(joined(3, 0, 0)), shard.told());
    shard.beginTerm(3);
    shard.told();
    shard.step(3, 0);
    join(4, shard.trainer());
    assertEquals(List.of(joined(4, 3, 1)), shard.told());
    join(5, shard.trainer());
    assertEquals(List.of(joined(5, 3, 1)), shard.told(), "term 4 was not opened here");
    shard.tell(new ShardCommand.OpenTerm(5, 1, true));
    assertEquals(1, shard.standing().version());
    shard.claim(6);
    shard.join(6, new Share(0, 2), shard.trainer().getRef());
    assertEquals(List.of(joined(6, 0, 0)), shard.told(), "another slice");
  }

  private TermJoined joined(int term, int heldTerm, long heldVersion) {
    return new TermJoined(shard.ref(), term, heldTerm, heldVersion);
  }

  @Test
  void theTermOfAnotherTrainerIsTaken() throws IOException {
    TestInbox<TrainerCommand> other = TestInbox.create("other");
    join(3, other);
    shard.tell(new ShardCommand.OpenTerm(3, ShardCommand.OpenTerm.NEWEST, false));
    other.getAllReceived();
    for (int term = 1; term <= 3; term++) {
      shard.beginTerm(term);
      assertEquals(List.of(3), taken());
    }
    assertTrue(other.getAllReceived().isEmpty());
    shard.send(3, FIRST);
    assertEquals(1, other.getAllReceived().size(), "its term goes on");
  }

  @Test
  void aLowerTermOfTheSameTrainerIsTaken() throws IOException {
    shard.beginTerm(3);
    shard.standing();
    shard.beginTerm(2);
    assertEquals(List.of(3), taken());
  }

  private List<Integer> taken() {
    return shard.told().stream().map(answer -> ((TermTaken) answer).highest()).toList();
  }

  @Test
  void aTermThatALaterOneHasFollowedOnDiskIsTaken() throws IOException {
    shard.beginTerm(3);
    ShardBench successor = new ShardBench(run);
    successor.claim(4);
    successor.beginTerm(3);
    assertEquals(4, ((TermTaken) successor.told().getFirst()).highest());
    successor.beginTerm(4);
    assertEquals(4, successor.standing().term());
  }

  @Test
  void aTermThatIsNotSeenOnTheStorageIsNamedAfterAWhile() throws IOException {
    shard.join(3, Share.WHOLE, shard.trainer().getRef());
    shard.passes(ParameterShard.SIGHT.minusMillis(1));
    shard.join(3, Share.WHOLE, shard.trainer().getRef());
    assertEquals(List.of(), shard.told(), "storage may take a moment");
    shard.passes(Duration.ofMillis(1));
    shard.join(3, Share.WHOLE, shard.trainer().getRef());
    ShardFailed failed = (ShardFailed) shard.told().getFirst();
    assertEquals(3, failed.term());
    assertTrue(
        failed.text().contains("does not see what the trainer wrote in " + run), failed::text);
    shard.beginTerm(3);
    assertEquals(3, shard.standing().term());
  }

  @Test
  void theTermOfAnotherRunIsRefused() throws IOException {
    shard.claim(3);
    RunBrief brief = Micro.BRIEF;
    RunBrief other =
        new RunBrief(
            brief.runId() + 1,
            brief.plan(),
            brief.views(),
            brief.encoder(),
            brief.objective(),
            0,
            1,
            0);
    shard.tell(new ShardCommand.BeginTerm(3, other, 0, 1, shard.trainer().getRef()));
    assertTrue(((ShardFailed) shard.told().getFirst()).text().contains("need the same storage"));
  }

  @Test
  void aHigherTermForgetsTheResultsOfTheOneBefore() throws IOException {
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
  void whatATermOrderedThatIsOverIsNotDone() throws IOException {
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
  void anUpdateBeforeANewTermCountsInItsStanding() throws IOException {
    shard.beginTerm(3);
    shard.step(3, 0);
    shard.beginTerm(4);
    assertEquals(1, shard.standing().version());
  }
}
