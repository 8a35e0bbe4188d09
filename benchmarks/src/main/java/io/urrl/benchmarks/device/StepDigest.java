package io.urrl.benchmarks.device;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.objective.Moco;
import io.urrl.actors.tensor.TensorLayout;
import io.urrl.benchmarks.StepOptions;
import io.urrl.benchmarks.SwitchOptions;
import io.urrl.gpu.nn.CpuInstructions;
import io.urrl.gpu.nn.EncoderInit;
import io.urrl.gpu.nn.EncoderSpec;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.gpu.pretext.MicroBatchResult;
import io.urrl.gpu.pretext.MocoReplica;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Steps of a worker's replica from fixed inputs, and one SHA-256 over all losses, keys, batch
 * statistics and gradients. Two processes on the same kind of device print the same digest, if the
 * device repeats its bits. Gradients are followed, so that a difference grows.
 */
@Command(name = "step-digest", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class StepDigest implements Callable<Integer> {
  private static final int DIM = 128;
  private static final float TEMPERATURE = 0.2f;
  private static final float RATE = 0.03f;

  @Mixin private StepOptions shape;

  @Mixin private SwitchOptions device;

  @Option(names = "--seed", defaultValue = "1", description = "Of weights, queue and views.")
  private int seed;

  /** Prints one JSON line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new StepDigest()).execute(arguments));
  }

  @Override
  public Integer call() throws NoSuchAlgorithmException {
    TensorRuntime runtime =
        TensorRuntime.open(
            shape.threads(), CpuInstructions.named(CpuInstructions.AUTO), device.switches());
    EncoderSpec spec = EncoderSpec.moco(shape.arch(), shape.width(), shape.stem(), 0, DIM);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    SplittableRandom random = new SplittableRandom(seed);
    double loss = Double.NaN;
    try (Arena arena = Arena.ofConfined();
        MocoReplica replica =
            new MocoReplica(
                runtime,
                spec,
                shape.batch(),
                shape.size(),
                shape.groups(),
                shape.queue(),
                TEMPERATURE)) {
      EncoderInit.fill(spec, seed, replica.parameters());
      replica.momentumEncoder().copyFrom(replica.parameters());
      fillQueue(replica.companion(Moco.QUEUE), random);
      long bytes = (long) shape.batch() * 3 * shape.size() * shape.size();
      MemorySegment queryViews = arena.allocate(bytes, 64);
      MemorySegment keyViews = arena.allocate(bytes, 64);
      for (int step = 0; step < shape.steps(); step++) {
        fill(queryViews, random);
        fill(keyViews, random);
        MicroBatchResult result = replica.run(List.of(queryViews, keyViews));
        loss = result.loss();
        digest.update(Double.toHexString(loss).getBytes(StandardCharsets.US_ASCII));
        result.contributions().forEach(part -> digest.update(part.asByteBuffer()));
        for (MemorySegment gradient : result.gradients()) {
          digest.update(gradient.asByteBuffer());
        }
        descend(spec.parameters(), replica.parameters(), result.gradients());
      }
    }
    ObjectNode line = new ObjectMapper().createObjectNode();
    line.put("device", runtime.describe());
    shape.describe(line);
    line.put("loss", loss).put("sha256", HexFormat.of().formatHex(digest.digest()));
    System.out.println(line);
    return 0;
  }

  private static void fillQueue(MemorySegment queue, SplittableRandom random) {
    float side = (float) (1 / Math.sqrt(DIM));
    for (long i = 0; i < queue.byteSize() / Float.BYTES; i++) {
      queue.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextBoolean() ? side : -side);
    }
  }

  private static void fill(MemorySegment views, SplittableRandom random) {
    byte[] bytes = new byte[Math.toIntExact(views.byteSize())];
    random.nextBytes(bytes);
    views.copyFrom(MemorySegment.ofArray(bytes));
  }

  private static void descend(
      TensorLayout layout, MemorySegment parameters, MemorySegment[] gradients) {
    for (int tensor = 0; tensor < gradients.length; tensor++) {
      long offset = layout.entries().get(tensor).offset();
      for (long i = 0; i < gradients[tensor].byteSize() / Float.BYTES; i++) {
        float value = parameters.getAtIndex(ValueLayout.JAVA_FLOAT, offset + i);
        float slope = gradients[tensor].getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
        parameters.setAtIndex(ValueLayout.JAVA_FLOAT, offset + i, value - RATE * slope);
      }
    }
  }
}
