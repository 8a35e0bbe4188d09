package io.urrl.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PngFile;
import io.urrl.launch.command.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The product as {@code launch/urrl} starts it. The class path of tests holds what tests need, too:
 * only a start like this one shows that a part is missing where the product runs. The script runs
 * in a repository that it need not build, and the classes are those of this one.
 */
@Timeout(180)
final class ProductStartTest {
  private static final Path BUILT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> MODULES =
      List.of(
          "actors",
          "augment-workers",
          "gpu-workers",
          "parameter-server",
          "launch",
          "verify",
          "benchmarks");

  @TempDir private Path place;
  private Path root;
  private final Set<String> started = new TreeSet<>();

  /** A repository like this one, of which no source is newer than its build. */
  @BeforeEach
  void layOut() throws IOException {
    root = place.resolve("repository");
    for (String module : MODULES) {
      Files.createDirectories(root.resolve(module).resolve("src/main"));
      Files.createFile(root.resolve(module).resolve("pom.xml"));
    }
    Files.createFile(root.resolve("pom.xml"));
    Files.createFile(root.resolve("cluster.conf"));
    Files.createDirectories(root.resolve("launch/target"));
    for (String file : List.of("launch/urrl", "launch/target/classpath.txt")) {
      Files.copy(BUILT.resolve(file), root.resolve(file));
    }
    Path java = place.resolve("jdk/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java.resolveSibling("../release"), "JAVA_VERSION=\"25\"\n");
    Files.writeString(
        java,
        """
        #!/bin/bash
        exec '%s/bin/java' "${@//'%s'/'%s'}"
        """
            .formatted(System.getProperty("java.home"), root, BUILT));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void everyCommandRunsWithTheLaunchersClassPath() throws Exception {
    Path run = place.resolve("run");
    Path picture = place.resolve("data/train/one/a.png");
    Files.createDirectories(picture.getParent());
    Files.write(picture, png());
    runAll(
        new Start("trained 1 steps", pretrain(run)),
        new Start("tensor-threads=", "config"),
        new Start("SIGKILL", "chaos", "--help"),
        new Start("PyTorch", "doctor"),
        new Start("", "views", picture, "--image-size=16", "--out=" + place.resolve("views.png")),
        new Start("wrote", "transform", "--apply=flip", picture, place.resolve("flipped.png")));
    runAll(
        new Start("trained encoder", "evaluate", "knn", "--checkpoint=" + run),
        new Start("queue_ptr", "checkpoint", "show", run),
        new Start("1 steps, 16 samples", "audit", run),
        new Start("1 written", corrupt(picture)),
        new Start("", "data", "pack", place.resolve("data"), "--out=" + place.resolve("data.urrl")),
        new Start("deviations", "soak", "--runs=0", "--out=" + place.resolve("soak")));
    runACluster("--run=" + place.resolve("cluster"));
    assertEquals(new CommandLine(new Main()).getSubcommands().keySet(), started);
  }

  private void runACluster(String run) throws Exception {
    try {
      runAll(new Start("3 nodes are up", up(run)));
      // It starts these itself.
      started.addAll(List.of("node", "supervise", "driver"));
      runAll(
          new Start("trainer+parameters-1 is up at", "logs", "supervisor", run),
          new Start("nodes: 4 up", "scale", "augment=2", run));
      runAll(new Start("augment-2 has left", "drain", "augment-2", run));
      runAll(new Start("  gone  ", "ps", run));
      runAll(new Start("go on with", "attach", run), new Start("go on with", "down", run));
    } finally {
      runAll(new Start("", "down", run));
    }
  }

  private static Object[] up(String run) {
    List<Object> command = new ArrayList<>(List.of(pretrain(Path.of("unused"))));
    command.set(0, "up");
    command.replaceAll(
        argument ->
            argument.toString().startsWith("--run=")
                ? run
                : argument.equals("--set=train.max-steps=1")
                    ? "--set=train.epochs=1000000"
                    : argument);
    command.addAll(List.of("--detach", "--nodes=trainer+parameters=1,gpu=1,augment=1"));
    return command.toArray();
  }

  @Test
  void theToolsAreThereWhereCommandsAreListed() throws Exception {
    runAll(new Start("  verify ", "--help"), new Start("  bench ", "--help"));
  }

  private static byte[] png() {
    Picture picture = new Picture();
    picture.resize(8, 8);
    return PngFile.of(picture);
  }

  private static Object[] pretrain(Path run) {
    return new Object[] {
      "pretrain",
      "--no-evaluation",
      "--run=" + run,
      "--data=shapes:train=32,test=16",
      "--set=encoder.width=4",
      "--set=encoder.dim=16",
      "--set=encoder.image-size=16",
      "--set=train.max-steps=1",
      "--set=train.batch=16",
      "--set=train.micro-batch=8",
      "--set=train.queue=32",
      "--set=workers.tensor-threads=1"
    };
  }

  private Object[] corrupt(Path picture) {
    return new Object[] {
      "corrupt",
      "--data=" + picture.getParent().getParent(),
      "--out=" + place.resolve("corrupted"),
      "--corruption=jpeg_compression",
      "--severity=1"
    };
  }

  /** A command, which has to end well and to say something. */
  private final class Start {
    private final String says;
    private final List<String> command = new ArrayList<>();
    private final Path output;
    private final Process process;

    Start(String says, Object... arguments) throws IOException {
      this.says = says;
      command.addAll(List.of("bash", root.resolve("launch/urrl").toString()));
      for (Object argument : arguments) {
        command.add(argument.toString());
      }
      started.add(command.get(2));
      output = Files.createTempFile(place, "output", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(place.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("URRL_"));
      builder.environment().put("URRL_JAVA_HOME", place.resolve("jdk").toString());
      // Commands that end soon gain nothing by the compiler that takes its time.
      builder.environment().put("URRL_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
      process = builder.start();
    }

    void require() throws IOException, InterruptedException {
      int code = process.waitFor();
      String said = Files.readString(output);
      assertEquals(0, code, () -> command + ": " + said);
      assertTrue(said.contains(says), () -> command + ": " + said);
    }
  }

  /** Waits for commands that run side by side. */
  private static void runAll(Start... commands) throws Exception {
    try {
      for (Start command : commands) {
        command.require();
      }
    } finally {
      for (Start command : commands) {
        command.process.destroyForcibly();
      }
    }
  }
}
