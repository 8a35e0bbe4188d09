package io.urrl.parameters.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.actors.objective.Companion;
import io.urrl.actors.objective.Moco;
import io.urrl.actors.objective.Objective;
import io.urrl.actors.objective.Views;
import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.parameters.CompanionState;
import io.urrl.parameters.DamagedStateException;
import io.urrl.parameters.NegativeQueue;
import io.urrl.parameters.ParameterState;
import io.urrl.parameters.RunningStatistics;
import io.urrl.parameters.Segments;
import io.urrl.parameters.StateDigests;
import io.urrl.parameters.StateLayout;
import io.urrl.parameters.States;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointStoreTest {
  @TempDir Path folder;
  private final ParameterState state = ParameterState.whole(Checkpoints.LAYOUT);
  private CheckpointStore store;

  @BeforeEach
  void open() throws IOException {
    store = CheckpointStore.open(folder, 3);
    States.fill(state, 11);
  }

  @AfterEach
  void close() {
    state.close();
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void everythingComesBack() throws IOException {
    Path written =
        store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(11));
    try (ParameterState read = ParameterState.whole(Checkpoints.LAYOUT)) {
      assertEquals(Checkpoints.state(11), CheckpointStore.restore(written, read));
      assertEquals(-1, state.parameters().mismatch(read.parameters()));
      assertEquals(-1, state.momentumEncoder().mismatch(read.momentumEncoder()));
      assertEquals(-1, state.velocity().mismatch(read.velocity()));
      assertEquals(11, read.version());
      for (int index = 0; index < state.companions().size(); index++) {
        CompanionState one = state.companions().get(index);
        assertEquals(-1, one.values().mismatch(read.companions().get(index).values()));
      }
      assertEquals(2, read.companions().get(Moco.QUEUE).position());
      assertEquals(3, batches(read, Moco.QUERY_STATISTICS));
      assertEquals(4, batches(read, Moco.KEY_STATISTICS));
    }
  }

  private static long batches(ParameterState of, int index) {
    return ((RunningStatistics) of.companions().get(index)).batches();
  }

  @Test
  void anObjectiveHasTheFilesOfWhatItKeeps() throws IOException {
    Objective alone =
        new Objective(
            "alone",
            Views.LABELLED,
            Objective.NO_MOMENTUM_ENCODER,
            List.of(new Companion.Statistics("statistics", Companion.Encoder.TRAINED)),
            List.of());
    StateLayout layout =
        new StateLayout(Checkpoints.LAYOUT.parameters(), Checkpoints.LAYOUT.buffers(), alone);
    try (ParameterState one = ParameterState.whole(layout);
        ParameterState read = ParameterState.whole(layout)) {
      States.fill(one, 5);
      Path written =
          store.write(Checkpoints.WRITER, one, StateDigests.of(one), Checkpoints.state(5));
      try (Stream<Path> files = Files.list(written)) {
        assertEquals(
            Set.of("query.safetensors", "momentum.safetensors", "state.json"),
            files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
      }
      assertEquals(Optional.empty(), CheckpointStore.damage(written));
      CheckpointStore.restore(written, read);
      assertEquals(-1, one.parameters().mismatch(read.parameters()));
      assertEquals(
          -1, one.companions().getFirst().values().mismatch(read.companions().getFirst().values()));
      assertTrue(CheckpointStore.show(written).contains("momentum.safetensors"));
    }
  }

  @Test
  void aStateThatHoldsNanIsNotWrittenAndTheOneBeforeStays() throws IOException {
    Path good =
        store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(11));
    state.velocity().set(ValueLayout.JAVA_FLOAT, 8, Float.NaN);
    CheckpointException refused =
        assertThrows(
            CheckpointException.class,
            () ->
                store.write(
                    Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(12)));
    String text = refused.getMessage();
    assertTrue(text.contains("conv1.weight of momentum.safetensors holds NaN"), text);
    assertEquals(good, store.newestWhole(damage -> {}).orElseThrow());
    assertEquals(List.of(good), store.list());
  }

  @Test
  void filesHoldTheNamesAndShapesOfTorchvisionAndMoco() throws IOException {
    Path written =
        store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(11));
    Map<String, Tensor> query = Safetensors.read(written.resolve("query.safetensors"));
    assertEquals(
        List.of(
            "bn1.bias",
            "bn1.num_batches_tracked",
            "bn1.running_mean",
            "bn1.running_var",
            "bn1.weight",
            "conv1.weight",
            "fc.bias",
            "fc.weight"),
        List.copyOf(new TreeMap<>(query).keySet()));
    assertEquals(List.of(4L, 3L, 3L, 3L), query.get("conv1.weight").shape());
    assertEquals(List.of(), query.get("bn1.num_batches_tracked").shape());
    assertEquals(3, query.get("bn1.num_batches_tracked").toLongs()[0]);
    Map<String, Tensor> momentum = Safetensors.read(written.resolve("momentum.safetensors"));
    assertEquals(5, momentum.size());
    Map<String, Tensor> queue = Safetensors.read(written.resolve("queue.safetensors"));
    NegativeQueue rows = (NegativeQueue) state.companions().get(Moco.QUEUE);
    assertEquals(List.of(3L, 7L), queue.get("queue").shape());
    float[] turned = queue.get("queue").toFloats();
    float[] straight = Segments.floats(rows.values());
    for (int row = 0; row < 7; row++) {
      for (int column = 0; column < 3; column++) {
        assertEquals(straight[row * 3 + column], turned[column * 7 + row]);
      }
    }
    assertArrayEquals(new long[] {2}, queue.get("queue_ptr").toLongs());
  }

  @Test
  void onlyTheNewestAreKept() throws IOException {
    for (int step = 1; step <= 5; step++) {
      store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(step));
    }
    assertEquals(
        List.of("step-000000003", "step-000000004", "step-000000005"),
        store.list().stream().map(path -> path.getFileName().toString()).toList());
  }

  /** A damaged checkpoint of a later step must not cost the one that was just written. */
  @Test
  void whatWasJustWrittenIsKeptWhateverElseIsThere() throws IOException {
    store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(9));
    CheckpointStore one = CheckpointStore.open(folder, 1);
    Path written =
        one.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(4));
    assertTrue(Files.exists(written));
    assertEquals(written.toRealPath(), folder.resolve("checkpoints/last").toRealPath());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "query.safetensors",
        "key.safetensors",
        "momentum.safetensors",
        "queue.safetensors",
        "state.json"
      })
  void aDamagedFileIsNamedAndTheOneBeforeIsFound(String name) throws IOException {
    Path older =
        store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(1));
    Path flipped =
        store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(2));
    Path missing =
        store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(3));
    flip(flipped.resolve(name));
    Files.delete(missing.resolve(name));
    List<CheckpointStore.Damage> damaged = new ArrayList<>();
    assertEquals(older, store.newestWhole(damaged::add).orElseThrow());
    assertEquals(
        List.of(missing, flipped),
        damaged.stream().map(CheckpointStore.Damage::directory).toList());
    for (CheckpointStore.Damage damage : damaged) {
      assertTrue(
          damage.reason().startsWith(damage.directory().resolve(name) + ": "), damage.reason());
    }
    assertTrue(damaged.getFirst().reason().endsWith("is missing"), damaged.getFirst().reason());
  }

  @Test
  void everyBitOfTheStateFileIsGuarded() throws IOException {
    Path written =
        store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(5));
    Path file = written.resolve("state.json");
    byte[] whole = Files.readAllBytes(file);
    String text = new String(whole, StandardCharsets.UTF_8);
    Files.writeString(file, text.replace("\"step\" : 5", "\"step\" : 6"));
    assertTrue(CheckpointStore.damage(written).isPresent());
    Files.writeString(file, text.replace("\"batch\" : \"256\"", "\"batch\" : \"257\""));
    assertTrue(CheckpointStore.damage(written).isPresent());
    Files.write(file, whole);
    assertTrue(CheckpointStore.damage(written).isEmpty());
  }

  @Test
  void anEmptyRunHasNone() throws IOException {
    assertTrue(store.newestWhole(damage -> {}).isEmpty());
  }

  @Test
  void theDigestIsThatOfTheTensorsAlone() throws IOException {
    Path one = store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(1));
    Path same =
        store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(2));
    assertEquals(CheckpointStore.digest(one), CheckpointStore.digest(same));
    for (String file : List.of("query.safetensors", "queue.safetensors")) {
      Map<String, Tensor> tensors = Safetensors.read(one.resolve(file));
      Path turned = same.resolve(file);
      Files.delete(turned);
      Safetensors.write(turned, new TreeMap<>(tensors).reversed(), Map.of("other", "metadata"));
    }
    assertEquals(CheckpointStore.digest(one), CheckpointStore.digest(same));
    ((NegativeQueue) state.companions().get(Moco.QUEUE)).pointer(3);
    Path moved =
        store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(3));
    assertNotEquals(CheckpointStore.digest(one), CheckpointStore.digest(moved));
  }

  @Test
  void aCheckpointOfAnotherArchitectureIsRefusedInOneLine() throws IOException {
    Path written =
        store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(1));
    StateLayout mine = Checkpoints.LAYOUT;
    TensorLayout wider =
        TensorLayout.builder()
            .add("conv1.weight", 8, 3, 3, 3)
            .add("bn1.weight", 4)
            .add("bn1.bias", 4)
            .add("fc.weight", 5, 4)
            .add("fc.bias", 5)
            .build();
    TensorLayout smaller = TensorLayout.builder().add("conv1.weight", 4, 3, 3, 3).build();
    TensorLayout larger =
        TensorLayout.builder().add("conv1.weight", 4, 3, 3, 3).add("fc.2.bias", 5).build();
    refused(written, new StateLayout(wider, mine.buffers(), mine.objective()), "[4, 3, 3, 3]");
    refused(written, new StateLayout(smaller, mine.buffers(), mine.objective()), "is not part of");
    refused(
        written, new StateLayout(larger, mine.buffers(), mine.objective()), "fc.2.bias is missing");
    refused(
        written,
        new StateLayout(mine.parameters(), mine.buffers(), Moco.of(8, 3, 0.99f, 0.2f)),
        "[3, 7]");
  }

  private static void refused(Path checkpoint, StateLayout layout, String reason) {
    try (ParameterState other = ParameterState.whole(layout)) {
      String message =
          assertThrows(CheckpointException.class, () -> CheckpointStore.restore(checkpoint, other))
              .getMessage();
      assertTrue(message.startsWith(checkpoint + ": "), message);
      assertTrue(message.contains("resnet tiny"), message);
      assertTrue(message.contains(reason), message);
      assertEquals(1, message.lines().count());
    }
  }

  @Test
  void theTextNamesStepArchitectureAndTensors() throws IOException {
    state.parameters().fill((byte) 0);
    TensorLayout.Entry bias = Checkpoints.LAYOUT.parameters().entry("fc.bias");
    state.parameters().set(Tensor.FLOAT, bias.offset() * 4, 3);
    state.parameters().set(Tensor.FLOAT, bias.offset() * 4 + 4, 4);
    String text =
        CheckpointStore.show(
            store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(7)));
    assertTrue(text.contains("7 (version 7)"), text);
    assertTrue(text.contains("resnet tiny"), text);
    assertTrue(text.contains("urrl test"), text);
    assertTrue(text.lines().anyMatch(line -> line.matches("batch +256")), text);
    assertTrue(
        text.lines().anyMatch(line -> line.matches(" +fc.bias +F32 +\\[5] +5\\.00000")), text);
    assertTrue(
        text.lines().anyMatch(line -> line.matches(" +conv1.weight +F32 +\\[4,3,3,3] +0\\.0+")),
        text);
  }

  @Test
  void aStateThatChangedSinceItWasCopiedIsNotAnnounced() throws IOException {
    Path older =
        store.write(Checkpoints.WRITER, state, StateDigests.of(state), Checkpoints.state(11));
    StateDigests copied = StateDigests.of(state);
    state.velocity().set(ValueLayout.JAVA_INT, 4, 7);
    DamagedStateException failure =
        assertThrows(
            DamagedStateException.class,
            () -> store.write(Checkpoints.WRITER, state, copied, Checkpoints.state(12)));
    assertTrue(failure.getMessage().contains("momentum buffer"), failure.getMessage());
    assertEquals(List.of(older), store.list());
  }
}
