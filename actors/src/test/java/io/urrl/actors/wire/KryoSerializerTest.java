package io.urrl.actors.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.WireMessage;
import io.urrl.actors.objective.Moco;
import io.urrl.actors.objective.Views;
import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.EvaluationJob;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.stream.BroadcastAddress;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.StreamAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class KryoSerializerTest {
  private static final ActorTestKit KIT = ActorTestKit.create("wire");
  private static final Serialization SERIALIZATION = SerializationExtension.get(KIT.system());

  private static final RunBrief BRIEF =
      new RunBrief(
          -7L,
          new RunPlan(1, true, 100, 2, 0, 32, 16, 2),
          new RunBrief.ViewBrief(new DataSet("shapes", 3, 4), "urrl", 32),
          new RunBrief.EncoderBrief("resnet18", 16, "cifar", 0, 128),
          Moco.of(4096, 128, 0.999f, 0.2f),
          0,
          2,
          -5);
  private static final StreamAddress ADDRESS = new StreamAddress("/dev/shm/x", "127.0.0.1:9", 5);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static Object there(Object message) {
    assertTrue(
        SERIALIZATION.findSerializerFor(message) instanceof KryoSerializer,
        () -> message.getClass() + " is not bound to Kryo");
    byte[] bytes = SERIALIZATION.serialize(message).get();
    return SERIALIZATION.deserialize(bytes, KryoSerializer.IDENTIFIER, "").get();
  }

  @Test
  void messagesArriveAsTheyWere() {
    ActorRef<TrainerCommand> trainer = KIT.<TrainerCommand>createTestProbe().ref();
    ActorRef<ShardCommand> shard = KIT.<ShardCommand>createTestProbe().ref();
    ActorRef<SupplyCommand> supply = KIT.<SupplyCommand>createTestProbe().ref();
    ActorRef<GpuWorkerCommand> worker = KIT.<GpuWorkerCommand>createTestProbe().ref();
    ActorRef<RunEvent> recorder = KIT.<RunEvent>createTestProbe().ref();
    ActorRef<RunNews> watcher = KIT.<RunNews>createTestProbe().ref();
    Lease lease = new Lease(new MicroBatchId(3, 1), 2);
    Result result =
        new Result(
            lease.id(),
            2,
            "gpu-worker-1",
            3,
            1.5,
            0.25,
            "conv1.weight",
            -9,
            List.of(new Result.Substitute(5, 6)),
            new Result.Digests(-1, 2, Long.MIN_VALUE),
            new Result.Waits(0.1, 0.2, 0.3, 0.4),
            new Result.Backlog(2, 3));
    for (Object message :
        List.of(
            new GpuWorkerCommand.Enlist(4, BRIEF, trainer, List.of(shard, shard), supply),
            new GpuWorkerCommand.Hold(4, 17, List.of(lease, lease)),
            new GpuWorkerCommand.Hold(4, 18, List.of()),
            new GpuWorkerCommand.Subscribed(4, 1, ADDRESS, new BroadcastAddress(ADDRESS, 6)),
            new TrainerCommand.TermTaken(shard, 9),
            new TrainerCommand.TermJoined(shard, 4, 3, 17),
            new TrainerCommand.SliceWritten(shard, 4, 3),
            new TrainerCommand.Standing(
                shard, 4, 3, 2, "checkpoints/step-000000002", "a test", List.of(result)),
            new TrainerCommand.ShardFailed(4, "term cannot be written"),
            new TrainerCommand.Working(worker, 4, List.of(lease)),
            new TrainerCommand.Returned(worker, 4, lease, "memory changed"),
            new TrainerCommand.Damaged(4, "views"),
            new TrainerCommand.Refused(worker, 4, "other bits"),
            new TrainerCommand.CheckpointDropped(4, 3, "the copy changed"),
            new TrainerCommand.RecordBegun(4),
            new TrainerCommand.Recorded(4, 3),
            new TrainerCommand.CheckpointNoted(3),
            new TrainerCommand.Closed(),
            new TrainerCommand.ViewsFailed(
                new TrainerCommand.TaskId(3, 1, 8), "augment-worker-1", "a.png is gone"),
            new TrainerCommand.Stop(),
            new ShardCommand.BeginTerm(4, BRIEF, 1, 3, trainer),
            new ShardCommand.OpenTerm(4, ShardCommand.OpenTerm.NEWEST, false),
            new ShardCommand.Report(4),
            new ShardCommand.Subscribe(4, worker, ADDRESS, -1, true),
            new BroadcastAddress(ADDRESS, 6),
            new ShardCommand.Apply(4, 3, 0.03, false, true),
            new ShardCommand.WriteCheckpoint(4, 3),
            new RunEvent.Started(4, 3, 9, "a test", trainer),
            new RunEvent.StepClosed(4, 3, 0, 1.5, 0.25, 0.03, false, List.of(result), trainer),
            new RunEvent.CheckpointKept(4, 3, "checkpoints/step-000000003", trainer),
            new RunEvent.Finished(9, true, "checkpoints/step-000000009", trainer),
            new RunEvent.Failed("no more", trainer),
            new RunEvent.JudgeNoMore(),
            new RunEvent.Watch(-3, 7, watcher),
            new RunNews.Bulletin(
                recorder,
                -3,
                2,
                7,
                List.of(
                    new RunNews.Began(3, 9, "a test"),
                    new RunNews.Stepped(
                        new RunEvent.StepClosed(
                            4, 3, 0, 1.5, 0.25, 0.03, false, List.of(result), trainer),
                        128.5),
                    new RunNews.Kept(4, "checkpoints/step-000000004"),
                    new RunEvent.Judged(
                        4, new EvaluationCommand.Outcome.Failed(1, "step 4", "its worker died")),
                    new RunEvent.Notice("a worker is gone"),
                    new RunNews.Outcome.Done(9, true, "checkpoints/step-000000009"),
                    new RunNews.Outcome.Broken("no more"))),
            new RunNews.Bulletin(recorder, -3, 2, 14, List.of()),
            new EvaluationJob(
                1,
                "trained",
                new EvaluationJob.FeatureSource.Checkpoint("runs/1/checkpoints/step-000000005"),
                new EvaluationJob.EvaluationData(new DataSet("shapes", 1, 2), 32, 10, 5, 2),
                BRIEF.encoder(),
                new EvaluationJob.Protocol.Linear(100, 30, 256, 1),
                2))) {
      assertEquals(message, there(message));
    }
  }

  @Test
  void aViewTaskArrivesWithItsSamples() {
    ActorRef<TrainerCommand.ViewReport> reportTo =
        KIT.<TrainerCommand.ViewReport>createTestProbe().ref();
    ViewTask task =
        new ViewTask(
            new DataSet("/data", 1, -2),
            ViewTask.Split.TEST,
            Views.LABELLED,
            "urrl",
            224,
            5,
            ADDRESS,
            new Fence(9, 1),
            2,
            3,
            List.of(new ViewTask.Item(0, 7, 11), new ViewTask.Item(1, 7, 12)),
            reportTo);
    ActorRef<GpuWorkerCommand> asker = KIT.<GpuWorkerCommand>createTestProbe().ref();
    SupplyCommand.Fetch fetch = new SupplyCommand.Fetch(task, asker);
    assertEquals(fetch, there(fetch));
  }

  @Test
  void bytesOfAnotherVersionAreRefusedAndNamed() {
    byte[] bytes = {(byte) 0xF0, 0x7F, 1, 2, 3};
    var failure = SERIALIZATION.deserialize(bytes, KryoSerializer.IDENTIFIER, "").failed().get();
    assertTrue(failure.getMessage().contains("another version of urrl"), failure::getMessage);
  }

  @Test
  void anUnregisteredClassIsRefused() {
    record Stranger(int number) implements WireMessage {}
    assertThrows(
        IllegalArgumentException.class, () -> SERIALIZATION.serialize(new Stranger(1)).get());
  }

  /** The numbers are a contract with every node that runs; changing one breaks it. */
  @Test
  void theNumbersAreFrozen() throws IOException {
    Map<Integer, String> now = new TreeMap<>();
    WireIds.table().forEach((type, id) -> now.put(id, type.getName()));
    List<String> lines = new ArrayList<>();
    now.forEach((id, name) -> lines.add(id + " " + name));
    try (BufferedReader frozen =
        new BufferedReader(
            new InputStreamReader(
                KryoSerializerTest.class.getResourceAsStream("/wire-ids.txt"),
                StandardCharsets.UTF_8))) {
      assertEquals(String.join("\n", frozen.lines().toList()), String.join("\n", lines));
    }
  }

  @Test
  void everyWireMessageHasANumber() throws Exception {
    Path root =
        Path.of(WireMessage.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> missing = new ArrayList<>();
    try (var files = Files.walk(root)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String name =
            root.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
        Class<?> type = Class.forName(name, false, WireMessage.class.getClassLoader());
        if (WireMessage.class.isAssignableFrom(type)
            && !type.isInterface()
            && !WireIds.table().containsKey(type)) {
          missing.add(name);
        }
      }
    }
    assertEquals(List.of(), missing);
  }
}
