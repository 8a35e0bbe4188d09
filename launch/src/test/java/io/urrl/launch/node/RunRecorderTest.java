package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunEvent.CheckpointKept;
import io.urrl.actors.protocol.RunEvent.Finished;
import io.urrl.actors.protocol.RunEvent.Started;
import io.urrl.actors.protocol.RunEvent.StepClosed;
import io.urrl.actors.protocol.RunEvent.Watch;
import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.protocol.RunNews.Bulletin;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.TrainerCommand.CheckpointNoted;
import io.urrl.actors.protocol.TrainerCommand.Closed;
import io.urrl.actors.protocol.TrainerCommand.RecordBegun;
import io.urrl.actors.protocol.TrainerCommand.RecordFailed;
import io.urrl.actors.protocol.TrainerCommand.Recorded;
import io.urrl.launch.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Terminated;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecorderTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final EvaluationCommand.Outcome MEASURED =
      new EvaluationCommand.Outcome.Measured(1, "knn", 0.5, 0.9, 0, 0, 3);

  @TempDir private Path run;
  private final TestInbox<TrainerCommand> trainer = TestInbox.create("trainer");
  private final List<String> seen = new ArrayList<>();
  private final List<Long> judged = new ArrayList<>();
  private final CompletableFuture<EvaluationCommand.Outcome> verdict = new CompletableFuture<>();
  private final TestInbox<RunNews> watcher = TestInbox.create("watcher");
  private RunFiles files;
  private BehaviorTestKit<RunEvent> recorder;
  private RunNews.Outcome outcome;
  private long edition;
  private long heard;

  @BeforeEach
  void open() {
    startAnew();
  }

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  /** A recorder that knows nothing but the files, and is watched. */
  private void startAnew() {
    recorder =
        BehaviorTestKit.create(
            RunRecorder.create(
                () -> {
                  files = RunFiles.open(run);
                  return files;
                },
                16,
                kept -> {
                  judged.add(kept.version());
                  return Optional.of(verdict);
                },
                System::nanoTime));
    watch();
  }

  /** Says how much was heard. */
  private void watch() {
    seen();
    recorder.run(new Watch(edition, heard, watcher.getRef()));
  }

  /** What the watcher was told. */
  private List<String> seen() {
    for (RunNews news : watcher.getAllReceived()) {
      Bulletin bulletin = (Bulletin) news;
      heard = bulletin.edition() == edition ? heard : 0;
      edition = bulletin.edition();
      assertEquals(heard, bulletin.first(), "all of it was heard, and nothing twice");
      bulletin.items().forEach(item -> seen.add(text(item)));
      heard += bulletin.items().size();
    }
    return seen;
  }

  private String text(RunNews.Item item) {
    return switch (item) {
      case RunNews.Began began -> "started at " + began.version();
      case RunNews.Stepped stepped -> "step " + stepped.step().step();
      case RunNews.Kept kept -> "checkpoint " + kept.version();
      case RunEvent.Judged verdictOf -> "judged " + verdictOf.version();
      case RunEvent.Notice notice -> notice.text();
      case RunNews.Outcome over -> {
        outcome = over;
        yield "over";
      }
    };
  }

  static StepClosed closed(int term, long step, TestInbox<TrainerCommand> replyTo) {
    Result result =
        new Result(
            new MicroBatchId(step, 0),
            0,
            "gpu-worker-1",
            step,
            2,
            0.5,
            "",
            7,
            List.of(new Result.Substitute(5, 6)),
            new Result.Digests(1, 2, 3),
            new Result.Waits(0.1, 0.2, 0.3, 0.4),
            new Result.Backlog(1, 2));
    return new StepClosed(term, step, 0, 2, 0.5, 0.1, false, List.of(result), replyTo.getRef());
  }

  private List<TrainerCommand> tell(RunEvent event) {
    recorder.run(event);
    return trainer.getAllReceived();
  }

  private List<TrainerCommand> start(int term, long version) {
    return tell(new Started(term, version, 9, "a test", trainer.getRef()));
  }

  private List<TrainerCommand> close(int term, long step) {
    return tell(closed(term, step, trainer));
  }

  private List<TrainerCommand> keep(int term, long version) {
    return tell(new CheckpointKept(term, version, "step-" + version, trainer.getRef()));
  }

  /** A term that records steps. */
  private void record(int term, long from, long to) {
    start(term, from);
    for (long step = from; step < to; step++) {
      assertEquals(List.of(new Recorded(term, step + 1)), close(term, step));
    }
  }

  private List<Long> steps(String file) throws IOException {
    List<Long> steps = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve(file))) {
      steps.add(JSON.readTree(line).path("step").asLong());
    }
    return steps;
  }

  private void expectSteps(Long... steps) throws IOException {
    assertEquals(List.of(steps), steps("metrics.jsonl"));
    assertEquals(List.of(steps), steps("ledger.jsonl"));
  }

  @Test
  void aStepIsOnDiskWhenTheTrainerHearsOfIt() throws IOException {
    assertEquals(List.of(new RecordBegun(1)), start(1, 0));
    assertEquals(List.of(new Recorded(1, 1)), close(1, 0));
    expectSteps(0L);
    assertTrue(Files.readString(run.resolve("ledger.jsonl")).contains("\"substitutes\":{\"5\":6}"));
    assertEquals(List.of("started at 0", "step 0"), seen());
  }

  @Test
  void aStepThatIsClosedTwiceIsOneLine() throws IOException {
    record(1, 0, 2);
    assertEquals(List.of(new Recorded(1, 2)), close(1, 1));
    assertEquals(List.of(new Recorded(1, 2)), close(1, 0));
    expectSteps(0L, 1L);
    assertEquals(List.of("started at 0", "step 0", "step 1"), seen());
  }

  @Test
  void aStepThatIsNotTheNextOneIsNotWritten() throws IOException {
    record(1, 0, 1);
    assertEquals(List.of(new Recorded(1, 1)), close(1, 2));
    expectSteps(0L);
  }

  @Test
  void aStartThatIsSaidAgainTruncatesNothing() throws IOException {
    record(1, 0, 2);
    assertEquals(List.of(new RecordBegun(1)), start(1, 0));
    expectSteps(0L, 1L);
    startAnew();
    assertEquals(List.of(new RecordBegun(1)), start(1, 0));
    expectSteps(0L, 1L);
  }

  @Test
  void aNewTermDropsTheRecordFromItsVersionOn() throws IOException {
    record(1, 0, 4);
    record(2, 2, 3);
    expectSteps(0L, 1L, 2L);
    assertEquals(
        2,
        JSON.readTree(Files.readAllLines(run.resolve("ledger.jsonl")).get(2)).path("term").asInt());
  }

  @Test
  void whatAnEarlierTermSaysLateIsNotWrittenOrAnswered() throws IOException {
    record(1, 0, 2);
    start(2, 2);
    assertEquals(List.of(), close(1, 2));
    assertEquals(List.of(), start(1, 0));
    expectSteps(0L, 1L);
    assertEquals(List.of(new Recorded(2, 3)), close(2, 2));
  }

  @Test
  void aRecorderThatIsStartedAnewGoesOnWhereTheFilesEnd() throws IOException {
    record(3, 0, 2);
    startAnew();
    assertEquals(List.of(new Recorded(3, 2)), close(3, 1));
    assertEquals(List.of(), close(2, 2), "it knows the term of the last line");
    assertEquals(List.of(new Recorded(3, 3)), close(3, 2));
    expectSteps(0L, 1L, 2L);
  }

  @Test
  void aLineThatOnlyOneFileHasIsWrittenAgain() throws IOException {
    for (String longer : List.of("metrics.jsonl", "ledger.jsonl")) {
      record(longer.startsWith("m") ? 1 : 2, 0, 2);
      Path shorter = run.resolve(longer.startsWith("m") ? "ledger.jsonl" : "metrics.jsonl");
      String first = Files.readAllLines(shorter).getFirst() + "\n";
      Files.writeString(shorter, first, StandardOpenOption.TRUNCATE_EXISTING);
      startAnew();
      int term = longer.startsWith("m") ? 1 : 2;
      assertEquals(List.of(new Recorded(term, 2)), close(term, 1));
      expectSteps(0L, 1L);
    }
  }

  @Test
  void aStepThatCannotBeWrittenIsNotRecorded() throws IOException {
    record(1, 0, 1);
    files.close();
    assertEquals(RecordFailed.class, close(1, 1).getFirst().getClass());
    assertEquals(RecordFailed.class, start(2, 0).getFirst().getClass());
    expectSteps(0L);
    assertEquals(List.of("started at 0", "step 0"), seen());
  }

  @Test
  void aCheckpointIsShownAndJudgedOnce() {
    start(1, 0);
    assertEquals(List.of(new CheckpointNoted(2)), keep(1, 2));
    assertEquals(List.of(new CheckpointNoted(2)), keep(1, 2));
    keep(1, 4);
    assertEquals(List.of(new CheckpointNoted(2)), keep(1, 2), "a late repeat");
    assertEquals(List.of("started at 0", "checkpoint 2", "checkpoint 4"), seen());
    assertEquals(List.of(2L, 4L), judged);
    keep(2, 2);
    keep(1, 6);
    assertEquals(List.of(2L, 4L, 2L), judged, "a later term writes it anew");
  }

  @Test
  void anEndThatIsSaidTwiceIsAnsweredTwice() {
    Finished finished = new Finished(6, false, "step-6", trainer.getRef());
    tell(finished);
    watch();
    assertEquals(List.of(new Closed()), tell(finished));
    assertEquals(List.of(new Closed()), tell(finished));
    assertEquals(List.of("over"), seen());
    assertEquals(new RunNews.Outcome.Done(6, false, "step-6"), outcome);
  }

  @Test
  void theTrainerSaysTheEndAgainUntilAllWhoWatchHaveHeardOfIt() {
    Finished finished = new Finished(6, false, "step-6", trainer.getRef());
    TestInbox<RunNews> other = TestInbox.create("other");
    recorder.run(new Watch(0, 0, other.getRef()));
    assertEquals(List.of(), tell(finished), "nobody has heard of it");
    watch();
    assertEquals(List.of(), tell(finished), "one has not heard of it");
    recorder.signal(terminated(other.getRef()));
    assertEquals(List.of(new Closed()), tell(finished), "that one is gone");
    startAnew();
    recorder.signal(terminated(watcher.getRef()));
    assertEquals(List.of(), tell(finished), "nobody watches");
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // the type is one of Scala's
  private static Terminated terminated(ActorRef<?> gone) {
    return new Terminated((ActorRef) gone);
  }

  @Test
  void whoDidNotHearIsToldAgainAndWhoComesLateToo() {
    record(1, 0, 3);
    List<String> all = List.copyOf(seen());
    assertEquals(List.of("started at 0", "step 0", "step 1", "step 2"), all);
    for (long from = 0; from <= heard; from++) {
      recorder.run(new Watch(edition, from, watcher.getRef()));
      Bulletin bulletin = (Bulletin) watcher.receiveMessage();
      assertEquals(from, bulletin.first());
      assertEquals(all.subList((int) from, 4), bulletin.items().stream().map(this::text).toList());
    }
    TestInbox<RunNews> late = TestInbox.create("late");
    recorder.run(new Watch(edition + 1, 3, late.getRef()));
    assertEquals(0, ((Bulletin) late.receiveMessage()).first(), "of another edition, all");
  }

  @Test
  void theNewestNewsAreKept() {
    start(1, 0);
    for (int i = 0; i < 300; i++) {
      recorder.run(new RunEvent.Notice("notice " + i));
    }
    TestInbox<RunNews> late = TestInbox.create("late");
    recorder.run(new Watch(0, 0, late.getRef()));
    Bulletin bulletin = (Bulletin) late.receiveMessage();
    assertEquals(bulletin.oldest(), bulletin.first());
    assertEquals(301, bulletin.first() + bulletin.items().size());
    assertEquals("notice 299", text(bulletin.items().getLast()));
  }

  @Test
  void theEndWaitsForEvaluationsUnlessSomebodyAskedForIt() throws IOException {
    keep(1, 2);
    tell(new Finished(6, false, "step-6", trainer.getRef()));
    assertEquals(List.of("checkpoint 2"), seen());
    recorder.run(new RunEvent.Judged(2, MEASURED));
    assertEquals(List.of("checkpoint 2", "judged 2", "over"), seen());
    assertEquals(List.of(2L), steps("evaluations.jsonl"));
  }

  @Test
  void aVerdictIsOneLineAlsoWhenARecorderHadTheCheckpointJudgedAgain() throws IOException {
    keep(1, 2);
    recorder.run(new RunEvent.Judged(2, MEASURED));
    startAnew();
    keep(1, 2);
    recorder.run(new RunEvent.Judged(2, MEASURED));
    assertEquals(List.of(2L), steps("evaluations.jsonl"));
  }

  @Test
  void whoAskedForTheEndDoesNotWaitForEvaluations() {
    keep(1, 2);
    tell(new Finished(2, true, "step-2", trainer.getRef()));
    assertEquals(List.of("checkpoint 2", "over"), seen());
    assertEquals(new RunNews.Outcome.Done(2, true, "step-2"), outcome);
  }

  @Test
  void aRunThatFailsEndsWithItsText() {
    RunEvent failed = new RunEvent.Failed("no more", trainer.getRef());
    tell(failed);
    assertEquals(List.of("over"), seen());
    assertEquals(new RunNews.Outcome.Broken("no more"), outcome);
    watch();
    assertEquals(List.of(new Closed()), tell(failed));
  }

  @Test
  void aRecordThatCannotBeOpenedIsTheEnd() throws IOException {
    files.close();
    Files.delete(run.resolve("metrics.jsonl"));
    Files.createDirectory(run.resolve("metrics.jsonl"));
    startAnew();
    assertEquals(List.of("over"), seen());
    String text = assertInstanceOf(RunNews.Outcome.Broken.class, outcome).text();
    assertTrue(text.contains("metrics.jsonl"), text);
    assertEquals(List.of(new RecordFailed(text)), start(1, 0));
    assertEquals(List.of(new RecordFailed(text)), close(1, 0));
    keep(1, 2);
    assertEquals(List.of(), judged);
  }
}
