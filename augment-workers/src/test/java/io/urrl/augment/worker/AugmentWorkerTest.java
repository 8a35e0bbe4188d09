package io.urrl.augment.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Views;
import io.urrl.actors.protocol.AugmentCommand;
import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.TrainerCommand.PictureBroken;
import io.urrl.actors.protocol.TrainerCommand.TaskId;
import io.urrl.actors.protocol.TrainerCommand.ViewReport;
import io.urrl.actors.protocol.TrainerCommand.ViewsFailed;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.stream.ChunkId;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.HandPlane;
import io.urrl.actors.stream.HandPlane.Tensor;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.tensor.TensorDigest;
import io.urrl.augment.data.DataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.delivery.ConsumerController;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AugmentWorkerTest {
  private static final int IMAGE = 2;
  private static final int CHUNKS_OF_A_PAIR = 2;

  /** Views take more than one chunk. */
  private static final int CHUNK = 20;

  private static final int MOST_ASIDE = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final StreamAddress ONE = new StreamAddress("there", "one", 1);
  private static final StreamAddress TWO = new StreamAddress("there", "two", 2);
  private static final Fence FENCE = new Fence(7, 3);
  private static final int MISSING_PICTURE = 666;
  private static final int CRASHING_PICTURE = 667;
  private static final int BROKEN_PICTURE = 668;
  private static final int SLOW_PICTURE = 669;
  private static final long SLOW_MILLIS = 30;

  private final HandPlane plane = new HandPlane("nobody", CHUNK);
  private final TestInbox<ViewReport> reports = TestInbox.create("reports");
  private final TestInbox<ConsumerController.Confirmed> confirmed = TestInbox.create("confirmed");

  /** Every pause takes a millisecond more. */
  private long millis = 1_000_000;

  private BehaviorTestKit<AugmentCommand> worker;
  private ActorRef<ConsumerController.Delivery<ViewTask>> deliverTo;

  /** A retry that is to come; null when none is. */
  private Effect.TimerScheduled<?> retry;

  /** Views whose bytes are the sample. */
  private final class Samples implements ViewSource {
    @Override
    public void prepare(ViewTask task) {
      // Nothing is read ahead.
    }

    @Override
    public int make(
        ViewTask task, ViewTask.Item item, MemorySegment bytes, Consumer<PictureBroken> broken) {
      switch (item.sample()) {
        case SLOW_PICTURE -> millis += SLOW_MILLIS;
        case MISSING_PICTURE -> throw new DataException("a.png is gone");
        case CRASHING_PICTURE -> throw new StackOverflowError();
        case BROKEN_PICTURE -> broken.accept(new PictureBroken(BROKEN_PICTURE, "b.png", "cut"));
        default -> {}
      }
      long half = bytes.byteSize() / 2;
      bytes.asSlice(0, half).fill((byte) item.sample());
      bytes.asSlice(half).fill((byte) -item.sample());
      return item.sample();
    }
  }

  @BeforeEach
  void start() {
    worker =
        BehaviorTestKit.create(
            AugmentWorker.create(
                new AugmentWorker.Means(
                    plane, new Samples(), 4, PATIENCE, () -> millis + plane.pauses()),
                Behaviors.empty()),
            "augment-worker-1");
    TestInbox<ConsumerController.Command<ViewTask>> consumer = worker.childInbox("consumer");
    deliverTo = ((ConsumerController.Start<ViewTask>) consumer.receiveMessage()).deliverTo();
    worker.getAllEffects();
  }

  /** What waits in its mailbox may be adapted only when it is taken from there. */
  private static <T> void drain(BehaviorTestKit<T> kit) {
    for (List<T> all = kit.selfInbox().getAllReceived();
        !all.isEmpty();
        all = kit.selfInbox().getAllReceived()) {
      for (T message : all) {
        kit.run(message);
      }
    }
  }

  private void settle() {
    drain(worker);
    for (Effect effect : worker.getAllEffects()) {
      if (effect instanceof Effect.TimerScheduled<?> timer) {
        retry = timer;
      }
    }
  }

  /** Hands over a task and says how often it was confirmed. */
  private int deliver(StreamAddress to, long step, int... samples) {
    ViewTask task =
        new ViewTask(
            DataSet.unchecked("toy"),
            ViewTask.Split.TRAIN,
            Views.PAIR,
            "toy",
            IMAGE,
            1,
            to,
            FENCE,
            step,
            5,
            IntStream.range(0, samples.length)
                .mapToObj(place -> new ViewTask.Item(place, 9, samples[place]))
                .toList(),
            reports.getRef());
    deliverTo.tell(new ConsumerController.Delivery<>(task, confirmed.getRef(), "supply", 1));
    settle();
    return confirmed.getAllReceived().size();
  }

  private void retry() {
    Effect.TimerScheduled<?> due = retry;
    retry = null;
    due.send().apply();
    settle();
  }

  private static ChunkId.Views id(Tensor tensor) {
    return (ChunkId.Views) tensor.id();
  }

  private void expectSamples(StreamAddress at, long step, int... samples) {
    List<Tensor> taken = plane.taken(at);
    assertEquals(
        IntStream.of(samples).boxed().toList(),
        taken.stream().map(tensor -> id(tensor).sample()).toList());
    for (Tensor tensor : taken) {
      assertEquals(step, id(tensor).step());
      int sample = id(tensor).sample();
      assertEquals((byte) sample, tensor.bytes().get(ValueLayout.JAVA_BYTE, 0));
      assertEquals(
          (byte) -sample, tensor.bytes().get(ValueLayout.JAVA_BYTE, tensor.bytes().byteSize() - 1));
      assertEquals(tensor.provenance().digest(), TensorDigest.of(tensor.bytes()));
    }
  }

  @Test
  void aTaskIsSentByItsNameAndConfirmed() {
    assertEquals(1, deliver(ONE, 8, 21, 22));
    Tensor first = plane.taken(ONE).getFirst();
    assertEquals(new ChunkId.Views(FENCE, 8, 5, 0, 9, 21), first.id());
    assertEquals(21, first.provenance().detail());
    assertEquals(0, plane.pauses());
  }

  @Test
  void whatAnAskerDoesNotTakeIsSetAsideAndOthersAreServedMeanwhile() {
    plane.room(ONE, 1);
    assertEquals(1, deliver(ONE, 0, 21, 22), "the next task is not held up");
    assertEquals(1, deliver(TWO, 0, 31, 32));
    expectSamples(TWO, 0, 31, 32);
    retry();
    expectSamples(ONE, 0);
    assertEquals(1, deliver(TWO, 1, 33));
    expectSamples(TWO, 1, 33);
    plane.room(ONE, Integer.MAX_VALUE);
    retry();
    expectSamples(ONE, 0, 21, 22);
  }

  @Test
  void behindWhatAnAskerDoesNotTakeNobodyWaits() {
    plane.room(ONE, 1);
    deliver(ONE, 0, 21);
    int pauses = plane.pauses();
    assertTrue(pauses > 0, "a short while");
    assertEquals(1, deliver(ONE, 1, 22));
    assertEquals(1, deliver(ONE, 2, 23));
    assertEquals(pauses, plane.pauses());
    plane.room(ONE, Integer.MAX_VALUE);
    retry();
    assertEquals(
        List.of(0L, 1L, 2L), plane.taken(ONE).stream().map(tensor -> id(tensor).step()).toList());
  }

  @Test
  void whatIsUnderWayKeepsItsBytesWhateverIsMadeMeanwhile() {
    plane.room(ONE, 1);
    plane.room(TWO, CHUNKS_OF_A_PAIR + 1);
    deliver(ONE, 0, 21);
    deliver(TWO, 0, 31, 32);
    deliver(ONE, 0, 22);
    plane.room(ONE, Integer.MAX_VALUE);
    plane.room(TWO, Integer.MAX_VALUE);
    retry();
    expectSamples(ONE, 0, 21, 22);
    expectSamples(TWO, 0, 31, 32);
    deliver(ONE, 1, 23);
    deliver(TWO, 1, 33);
    expectSamples(ONE, 1, 23);
    expectSamples(TWO, 1, 33);
  }

  @Test
  void whatIsNotTakenForLongIsGivenUp() {
    plane.room(ONE, 1);
    deliver(ONE, 0, 21);
    millis += PATIENCE.toMillis();
    retry();
    millis++;
    retry();
    plane.room(ONE, Integer.MAX_VALUE);
    assertNull(retry, "nothing is left to try");
    deliver(ONE, 1, 22);
    expectSamples(ONE, 1, 22);
  }

  @Test
  void theOldestIsGivenUpWhenTooMuchIsSetAside() {
    plane.room(ONE, 0);
    for (int task = 0; task <= MOST_ASIDE; task++) {
      assertEquals(1, deliver(ONE, task, 21));
    }
    plane.room(ONE, Integer.MAX_VALUE);
    retry();
    List<Tensor> taken = plane.taken(ONE);
    assertEquals(MOST_ASIDE, taken.size());
    assertEquals(1, id(taken.getFirst()).step());
  }

  @Test
  void aTaskThatFailsIsNotConfirmedAndEndsTheWorker() {
    assertEquals(0, deliver(ONE, 8, 21, MISSING_PICTURE));
    assertEquals(
        new ViewsFailed(new TaskId(8, 5, 0), "augment-worker-1", "a.png is gone"),
        reports.receiveMessage());
    assertFalse(worker.isAlive());
  }

  @Test
  void anErrorIsToldToo() {
    assertEquals(0, deliver(ONE, 8, CRASHING_PICTURE));
    String text = ((ViewsFailed) reports.receiveMessage()).text();
    assertTrue(text.startsWith("views cannot be made: java.lang.StackOverflowError"), text);
    assertFalse(worker.isAlive());
  }

  /** What was set aside was confirmed; its asker misses the views and asks again. */
  @Test
  void aTaskThatFailsLaterEndsTheWorkerToo() {
    plane.room(ONE, 1);
    assertEquals(1, deliver(ONE, 8, 21, MISSING_PICTURE));
    assertTrue(worker.isAlive());
    plane.room(ONE, Integer.MAX_VALUE);
    retry();
    assertEquals(ViewsFailed.class, reports.receiveMessage().getClass());
    assertFalse(worker.isAlive());
  }

  /** A pause for an asker that is behind is no work. */
  @Test
  void itSaysHowBusyItWas() {
    TestInbox<RunEvent> recorder = TestInbox.create("recorder");
    millis += 500;
    worker.run(new AugmentCommand.TellLoad(recorder.getRef()));
    assertEquals(new RunEvent.AugmentLoad(worker.getRef(), 0, 500), recorder.receiveMessage());
    assertEquals(1, deliver(ONE, 8, SLOW_PICTURE, SLOW_PICTURE));
    worker.run(new AugmentCommand.TellLoad(recorder.getRef()));
    assertEquals(
        new RunEvent.AugmentLoad(worker.getRef(), 2 * SLOW_MILLIS, 500 + 2 * SLOW_MILLIS),
        recorder.receiveMessage());
    plane.room(ONE, 1);
    int pauses = plane.pauses();
    deliver(ONE, 9, SLOW_PICTURE);
    assertTrue(plane.pauses() > pauses);
    worker.run(new AugmentCommand.TellLoad(recorder.getRef()));
    assertEquals(3 * SLOW_MILLIS, ((RunEvent.AugmentLoad) recorder.receiveMessage()).busyMillis());
  }

  @Test
  void aBrokenPictureIsReported() {
    assertEquals(1, deliver(ONE, 8, BROKEN_PICTURE));
    assertEquals(new PictureBroken(BROKEN_PICTURE, "b.png", "cut"), reports.receiveMessage());
  }

  @Test
  @SuppressWarnings({"rawtypes", "unchecked"}) // the type is one of Scala's
  void aWorkerWithoutItsConsumerEnds() {
    worker.signal(new Terminated((ActorRef) worker.childInbox("consumer").getRef()));
    assertFalse(worker.isAlive());
  }
}
