package io.urrl.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urrl.actors.protocol.AugmentCommand;
import io.urrl.actors.protocol.AugmentCommand.TellLoad;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunEvent.AugmentLoad;
import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.run.ServiceKeys;
import io.urrl.launch.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.internal.receptionist.ReceptionistMessages;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recorder knows of augment workers, writes down and tells. */
final class FeedingWatchTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SECOND = 1_000_000_000L;

  @TempDir private Path run;
  private final TestInbox<TrainerCommand> trainer = TestInbox.create("trainer");
  private final TestInbox<AugmentCommand> one = TestInbox.create("augment-worker-1");
  private final TestInbox<AugmentCommand> other = TestInbox.create("augment-worker-2");
  private final TestInbox<RunNews> watcher = TestInbox.create("watcher");
  private BehaviorTestKit<RunEvent> recorder;
  private ActorRef<Receptionist.Listing> subscriber;
  private long now = 7 * SECOND;
  private long step;

  @BeforeEach
  void start() {
    recorder =
        BehaviorTestKit.create(
            RunRecorder.create(() -> RunFiles.open(run), 16, RunRecorder.Judge.NONE, () -> now));
    List<Receptionist.Command> asked = recorder.receptionistInbox().getAllReceived();
    assertEquals(1, asked.size());
    ReceptionistMessages.Subscribe<?> subscribe =
        (ReceptionistMessages.Subscribe<?>) asked.getFirst();
    assertEquals(ServiceKeys.AUGMENT_LOADS, subscribe.key());
    subscriber = subscribe.subscriber();
    recorder.run(new RunEvent.Started(1, 0, 900, "a test", trainer.getRef()));
  }

  @SafeVarargs
  private void present(TestInbox<AugmentCommand>... workers) {
    Set<ActorRef<AugmentCommand>> all = new HashSet<>();
    for (TestInbox<AugmentCommand> worker : workers) {
      all.add(worker.getRef());
    }
    subscriber.tell(Receptionist.listing(ServiceKeys.AUGMENT_LOADS, all));
    recorder.runOne();
  }

  /** A step whose worker stood still for a tenth of its time. */
  private JsonNode close() throws IOException {
    recorder.run(RunRecorderTest.closed(1, step, trainer));
    step++;
    return JSON.readTree(Files.readAllLines(run.resolve("metrics.jsonl")).getLast());
  }

  private JsonNode closeMany(int steps) throws IOException {
    JsonNode last = JSON.nullNode();
    for (int i = 0; i < steps; i++) {
      now += SECOND;
      last = close();
    }
    return last;
  }

  @Test
  void augmentWorkersAreAskedOnceASecond() throws IOException {
    close();
    present(one, other);
    now += SECOND;
    close();
    close();
    assertEquals(List.of(new TellLoad(recorder.getRef())), one.getAllReceived());
    assertEquals(1, other.getAllReceived().size());
    present(one);
    now += SECOND;
    close();
    assertEquals(1, one.getAllReceived().size());
    assertFalse(other.hasMessages());
  }

  @Test
  void theRecordSaysWhoWaitsForWhom() throws IOException {
    JsonNode line = close();
    assertEquals(0, line.path("augment_workers").asInt(-1));
    assertFalse(line.has("starve") || line.has("augment_more") || line.has("augment_busy"));
    present(one, other);
    line = closeMany(15);
    assertEquals(2, line.path("augment_workers").asInt());
    assertFalse(line.has("starve"), "it is too early");
    line = closeMany(10);
    assertEquals(0.1, line.path("starve").asDouble(), 1e-9);
    assertEquals(1, line.path("augment_more").asInt());
    assertFalse(line.has("augment_busy"), "nobody has said");
    for (int millis = 1000; millis <= 2000; millis += 1000) {
      recorder.run(new AugmentLoad(one.getRef(), millis * 9 / 10, millis));
      recorder.run(new AugmentLoad(other.getRef(), millis * 9 / 10, millis));
    }
    assertEquals(0.9, closeMany(1).path("augment_busy").asDouble(), 1e-9);
  }

  @Test
  void whoWatchesIsToldOnce() throws IOException {
    present(one, other);
    closeMany(60);
    recorder.run(new RunEvent.Watch(0, 0, watcher.getRef()));
    List<String> notices =
        ((RunNews.Bulletin) watcher.receiveMessage())
            .items().stream()
                .filter(RunEvent.Notice.class::isInstance)
                .map(item -> ((RunEvent.Notice) item).text())
                .toList();
    assertEquals(1, notices.size(), notices.toString());
    assertTrue(notices.getFirst().contains("(10 % of their time)"), notices.getFirst());
  }
}
