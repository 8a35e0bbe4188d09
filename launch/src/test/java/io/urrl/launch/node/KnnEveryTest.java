package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.protocol.EvaluationCommand.Outcome;
import io.urrl.actors.protocol.EvaluationJob.FeatureSource;
import io.urrl.actors.protocol.RunNews;
import io.urrl.launch.config.Settings;
import io.urrl.launch.run.EvaluationView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints are judged by nearest neighbours while the run goes on. */
class KnnEveryTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path place;

  @Test
  void everyDueStepIsJudgedAndTheVerdictIsThatOfItsCheckpoint() throws Exception {
    Settings settings =
        Runs.settings(
            Map.of(
                "data.source", "shapes:train=480,test=120",
                "evaluate.knn-every", "4",
                "evaluate.knn-neighbours", "10",
                "checkpoint.every", "5",
                "checkpoint.keep", "9"));
    Path run = place.resolve("run");
    Runs.run(settings, run, false, step -> {});

    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("evaluations.jsonl"))) {
      lines.add(JSON.readTree(line));
    }
    assertEquals(List.of(4L, 8L, 12L), lines.stream().map(l -> l.get("step").asLong()).toList());
    for (JsonNode line : lines) {
      assertEquals(again(settings, run, line.get("step").asLong()), line.get("top1").asDouble());
    }
  }

  /** Evaluations take longer than the steps between them: their checkpoints wait for them. */
  @Test
  void aCheckpointThatWaitsForItsEvaluationIsNotPruned() throws Exception {
    Settings settings =
        Runs.settings(
            Map.of(
                "data.source", "shapes:train=1200,test=300",
                "evaluate.knn-every", "1",
                "evaluate.knn-neighbours", "10",
                "checkpoint.every", "0",
                "checkpoint.keep", "1"));
    Path run = place.resolve("run");
    Runs.run(settings, run, false, step -> {});
    List<Long> judged = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("evaluations.jsonl"))) {
      judged.add(JSON.readTree(line).get("step").asLong());
    }
    assertEquals(LongStream.rangeClosed(1, 12).boxed().toList(), judged);
  }

  /** The checkpoint is there, so that its evaluation can be had at any time. */
  @Test
  void aStopGivesUpTheEvaluationsThatAreNotOver() throws Exception {
    Settings settings =
        Runs.settings(
            Map.of(
                "data.source", "shapes:train=40000,test=2000",
                "evaluate.knn-every", "1",
                "train.max-steps", "2"));
    Path run = place.resolve("run");
    CompletableFuture<Pretraining> started = new CompletableFuture<>();
    Runs.StepListener stopAtTheEnd =
        new Runs.StepListener() {
          @Override
          public void started(Pretraining training) {
            started.complete(training);
          }

          @Override
          public void accept(long step) {
            // The end comes with the last checkpoint.
          }

          @Override
          public void checkpoint(long version) {
            if (version == 2) {
              started.join().stop();
            }
          }
        };
    RunNews.Outcome.Done done =
        assertInstanceOf(RunNews.Outcome.Done.class, Runs.run(settings, run, false, stopAtTheEnd));
    assertEquals(2, done.version());
    assertFalse(done.stopped(), "all steps are done");
    assertEquals(List.of(), Files.readAllLines(run.resolve("evaluations.jsonl")));
  }

  /** The same checkpoint judged on its own, on a node of its own. */
  private static double again(Settings settings, Path run, long step) {
    String checkpoint = run.resolve("checkpoints").resolve("step-%09d".formatted(step)).toString();
    return Runs.onNode(
        settings,
        evaluations ->
            assertInstanceOf(
                    Outcome.Measured.class,
                    evaluations
                        .nearest(
                            "again", new FeatureSource.Checkpoint(checkpoint), EvaluationView.NONE)
                        .join())
                .top1());
  }
}
