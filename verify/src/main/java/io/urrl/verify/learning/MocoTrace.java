package io.urrl.verify.learning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.urrl.actors.objective.Moco;
import io.urrl.actors.objective.Objective;
import io.urrl.actors.plan.LearningRate;
import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.run.TrainerSettings;
import io.urrl.actors.stream.StreamSettings;
import io.urrl.actors.tensor.Npy;
import io.urrl.actors.tensor.Safetensors;
import io.urrl.actors.tensor.Tensor;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.augment.data.RecordedViews;
import io.urrl.gpu.nn.CpuInstructions;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.gpu.worker.GpuWorker;
import io.urrl.launch.UserException;
import io.urrl.launch.config.NodeRole;
import io.urrl.launch.node.AugmentRole;
import io.urrl.launch.node.GpuRole;
import io.urrl.launch.node.Membership;
import io.urrl.launch.node.Node;
import io.urrl.launch.node.NodeSettings;
import io.urrl.launch.run.OpenedRun;
import io.urrl.launch.run.RunCheckpoints;
import io.urrl.launch.run.RunView;
import io.urrl.parameters.NegativeQueue;
import io.urrl.parameters.ParameterState;
import io.urrl.parameters.StateLayout;
import io.urrl.parameters.checkpoint.CheckpointStore;
import io.urrl.parameters.shard.ShardState;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Repeats the recorded MoCo v2 traces of the reference through trainer, workers, streams and
 * parameter shard: only the views are recorded. Every step leaves a checkpoint, from which the
 * outputs are read.
 */
public final class MocoTrace {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Steps between evaluations. There is none here, but their checkpoints are never left out: a step
   * waits until the one before is on disk.
   */
  private static final int EVERY_STEP = 1;

  private final JsonNode hyper;
  private final Path folder;
  private final Path out;
  private final EncoderSpec spec;

  private MocoTrace(Path folder, Path out) throws IOException {
    hyper = JSON.readTree(folder.resolve("case.json").toFile()).get("hyper");
    this.folder = folder;
    this.out = out;
    spec = LearningCases.spec(hyper.get("net"));
  }

  /** Repeats all traces of a case and writes its outputs. */
  public static void run(Path folder, Path out) throws IOException {
    Files.createDirectories(out);
    MocoTrace trace = new MocoTrace(folder.toAbsolutePath(), out);
    for (Map.Entry<String, JsonNode> momentum : trace.hyper.get("key_momentum").properties()) {
      trace.repeat(momentum.getKey(), momentum.getValue().asDouble());
    }
  }

  private void repeat(String label, double momentum) throws IOException {
    Path run = Files.createTempDirectory("urrl-trace");
    int steps = hyper.get("steps").asInt();
    ShardState.Facts facts = facts(momentum);
    RunBrief brief = brief(momentum);
    OpenedRun opened =
        new OpenedRun(
            run,
            new OpenedRun.Constants(
                new TrainerSettings(
                    brief,
                    new LearningRate.Cosine(hyper.get("lr").asDouble(), steps, 0),
                    1,
                    EVERY_STEP,
                    TrainerSettings.OnNonFinite.STOP,
                    2,
                    Duration.ofSeconds(60),
                    0,
                    0,
                    1),
                facts,
                steps + 1,
                this::initialise,
                Optional.empty()));
    Quiet view = new Quiet();
    try (Node node = Node.start(node(), ConfigFactory.empty())) {
      if (node.watch(node.startRun(opened), view).join() instanceof RunNews.Outcome.Broken broken) {
        throw new UserException(broken.text());
      }
    }
    write(label, run, facts, view);
  }

  private ShardState.Facts facts(double momentum) {
    return new ShardState.Facts(
        new StateLayout(spec.parameters(), spec.buffers(), objective(momentum)),
        hyper.get("sgd_momentum").asDouble(),
        hyper.get("weight_decay").asDouble(),
        1,
        "trace",
        "urrl",
        Map.of());
  }

  private Objective objective(double momentum) {
    return Moco.of(
        hyper.get("queue").asInt(),
        hyper.get("dim").asInt(),
        (float) momentum,
        (float) hyper.get("temperature").asDouble());
  }

  private RunBrief brief(double momentum) {
    RecordedViews views = RecordedViews.open(RecordedViews.PREFIX + folder);
    return new RunBrief(
        7,
        new RunPlan(
            0,
            false,
            views.size(),
            1,
            0,
            hyper.get("global_batch").asInt(),
            hyper.get("micro_batch").asInt(),
            hyper.get("bn_groups").asInt()),
        new RunBrief.ViewBrief(
            DataSet.unchecked(RecordedViews.PREFIX + folder),
            "moco-v2",
            hyper.get("image_size").asInt()),
        new RunBrief.EncoderBrief(
            "resnet18",
            hyper.get("net").get("width").asInt(),
            hyper.get("net").get("stem").asText(),
            hyper.get("net").get("head").get(0).asInt(),
            hyper.get("dim").asInt()),
        objective(momentum),
        0,
        1,
        0);
  }

  private static NodeSettings node() {
    return new NodeSettings(
        "",
        EnumSet.of(NodeRole.TRAINER, NodeRole.PARAMETERS, NodeRole.GPU, NodeRole.AUGMENT),
        List.of(
            new AugmentRole(2, 4, UnaryOperator.identity()),
            new GpuRole(2, new GpuWorker.Settings(2))),
        1,
        Membership.alone(),
        8,
        Duration.ofSeconds(20),
        1,
        CpuInstructions.AUTO,
        StreamSettings.loopback());
  }

  private void initialise(ParameterState state) {
    try {
      Map<String, Tensor> weights = Safetensors.read(folder.resolve("initial.safetensors"));
      state.parameters().copyFrom(LearningCases.flat(spec.parameters(), weights));
      for (int statistics : List.of(Moco.QUERY_STATISTICS, Moco.KEY_STATISTICS)) {
        state
            .companions()
            .get(statistics)
            .values()
            .copyFrom(LearningCases.flat(spec.buffers(), weights));
      }
      unit(Npy.read(folder.resolve("queue_init.npy")), queue(state));
    } catch (IOException e) {
      throw new UserException(e.getMessage(), e);
    }
  }

  private static NegativeQueue queue(ParameterState state) {
    return (NegativeQueue) state.companions().get(Moco.QUEUE);
  }

  private static void unit(Tensor raw, NegativeQueue queue) {
    float[] values = raw.toFloats();
    int dim = queue.dim();
    for (int row = 0; row < queue.capacity(); row++) {
      double squares = 0;
      for (int i = 0; i < dim; i++) {
        squares += (double) values[row * dim + i] * values[row * dim + i];
      }
      double length = Math.max(Math.sqrt(squares), 1e-12);
      for (int i = 0; i < dim; i++) {
        queue
            .values()
            .setAtIndex(
                ValueLayout.JAVA_FLOAT,
                (long) row * dim + i,
                (float) (values[row * dim + i] / length));
      }
    }
  }

  private void write(String label, Path run, ShardState.Facts facts, Quiet view)
      throws IOException {
    int steps = view.closed.size();
    List<float[]> queryNorm = new ArrayList<>();
    List<float[]> queryHead = new ArrayList<>();
    List<float[]> keyNorm = new ArrayList<>();
    List<float[]> keyHead = new ArrayList<>();
    long[] pointer = new long[steps];
    try (ParameterState state = ParameterState.whole(facts.layout())) {
      initialise(state);
      summarise(state.parameters(), keyNorm, keyHead);
      for (int step = 1; step <= steps; step++) {
        Path checkpoint = RunCheckpoints.at(run, step);
        CheckpointStore.restore(checkpoint, state);
        summarise(state.parameters(), queryNorm, queryHead);
        if (step < steps) {
          summarise(state.momentumEncoder(), keyNorm, keyHead);
        }
        pointer[step - 1] = queue(state).position();
        if (step == steps) {
          Files.copy(
              checkpoint.resolve("query.safetensors"),
              out.resolve(label + "_final_query.safetensors"),
              java.nio.file.StandardCopyOption.REPLACE_EXISTING);
          Files.copy(
              checkpoint.resolve("key.safetensors"),
              out.resolve(label + "_final_key_followed.safetensors"),
              java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
      }
      NegativeQueue queue = queue(state);
      npy(
          label + "_queue",
          queue.values().toArray(ValueLayout.JAVA_FLOAT),
          queue.capacity(),
          queue.dim());
    }
    int tensors = spec.parameters().entries().size();
    npy(label + "_query_norm", joined(queryNorm), steps, tensors);
    npy(label + "_query_first8", joined(queryHead), steps, tensors, 8);
    npy(label + "_key_norm", joined(keyNorm), steps, tensors);
    npy(label + "_key_first8", joined(keyHead), steps, tensors, 8);
    Npy.write(out.resolve(label + "_pointer.npy"), Tensor.of(pointer, steps));
    npy(label + "_loss", view.losses(), steps);
    npy(label + "_lr", view.rates(), steps);
  }

  private void summarise(MemorySegment flat, List<float[]> norms, List<float[]> heads) {
    List<TensorLayout.Entry> entries = spec.parameters().entries();
    float[] norm = new float[entries.size()];
    float[] head = new float[8 * entries.size()];
    for (int tensor = 0; tensor < norm.length; tensor++) {
      TensorLayout.Entry entry = entries.get(tensor);
      double squares = 0;
      for (long i = 0; i < entry.length(); i++) {
        float value = flat.getAtIndex(ValueLayout.JAVA_FLOAT, entry.offset() + i);
        squares += (double) value * value;
        if (i < 8) {
          head[8 * tensor + (int) i] = value;
        }
      }
      norm[tensor] = (float) Math.sqrt(squares);
    }
    norms.add(norm);
    heads.add(head);
  }

  private static float[] joined(List<float[]> rows) {
    float[] all = new float[rows.size() * rows.getFirst().length];
    for (int row = 0; row < rows.size(); row++) {
      float[] values = rows.get(row);
      System.arraycopy(values, 0, all, row * values.length, values.length);
    }
    return all;
  }

  private void npy(String name, float[] values, long... shape) throws IOException {
    Npy.write(out.resolve(name + ".npy"), Tensor.of(values, shape));
  }

  /** Collects the steps and shows nothing. */
  private static final class Quiet implements RunView {
    private final List<RunEvent.StepClosed> closed = new ArrayList<>();

    private float[] losses() {
      float[] values = new float[closed.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) closed.get(i).loss();
      }
      return values;
    }

    private float[] rates() {
      float[] values = new float[closed.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) closed.get(i).rate();
      }
      return values;
    }

    @Override
    public void started(long version, long steps, String origin) {
      // A trace has no one to tell.
    }

    @Override
    public void step(RunEvent.StepClosed step, double pairsPerSecond) {
      closed.add(step);
    }

    @Override
    public void checkpoint(long version, String path) {
      // The outputs are read from the checkpoints afterwards.
    }

    @Override
    public void judged(long version, EvaluationCommand.Outcome outcome) {
      System.err.println(outcome);
    }

    @Override
    public void notice(String text) {
      System.err.println(text);
    }
  }
}
