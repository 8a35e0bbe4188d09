package io.urrl.launch.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The launcher script, with JDKs and a Maven that are scripts themselves. */
final class LauncherTest {
  private static final Path SCRIPT = Path.of("urrl").toAbsolutePath();
  private static final Path FLAGS = Path.of("jvm.flags");

  @TempDir private Path place;
  private Path root;
  private Path tools;

  /** A repository that is built, and a PATH with the tools of the system but no java of its own. */
  @BeforeEach
  void layOut() throws IOException {
    root = Files.createDirectories(place.resolve("repository with blanks"));
    Files.createDirectories(root.resolve("launch/target"));
    Files.copy(SCRIPT, root.resolve("launch/urrl"));
    executable(root.resolve("launch/urrl"));
    for (String module :
        List.of(
            "actors",
            "augment-workers",
            "gpu-workers",
            "parameter-server",
            "launch",
            "verify",
            "benchmarks")) {
      Files.createDirectories(root.resolve(module).resolve("src/main"));
      Files.writeString(root.resolve(module).resolve("pom.xml"), "");
    }
    Files.writeString(root.resolve("pom.xml"), "");
    Files.writeString(root.resolve("cluster.conf"), "");
    Files.writeString(root.resolve("launch/target/classpath.txt"), "/repository/some.jar");
    Files.setLastModifiedTime(
        root.resolve("launch/target/classpath.txt"), FileTime.from(Instant.now().plusSeconds(60)));
    tools = Files.createDirectories(place.resolve("tools"));
    for (String tool :
        List.of(
            "bash",
            "readlink",
            "dirname",
            "grep",
            "sed",
            "find",
            "mktemp",
            "tail",
            "rm",
            "touch",
            "flock",
            "cat")) {
      for (String directory : List.of("/usr/bin", "/bin")) {
        Path real = Path.of(directory, tool);
        if (Files.exists(real) && !Files.exists(tools.resolve(tool))) {
          Files.createSymbolicLink(tools.resolve(tool), real);
        }
      }
    }
  }

  @Test
  void startsTheNewJdkWithFlagsClasspathAndArguments() throws Exception {
    Path jdk = jdk("jdk-25", "25");
    Result result = run(Map.of("URRL_JAVA_HOME", jdk.toString()), "pretrain", "--run", "a b");
    assertEquals(0, result.code(), result.err());
    List<String> arguments = result.out().lines().toList();
    int main = arguments.indexOf("io.urrl.launch.command.Main");
    assertEquals(List.of("pretrain", "--run", "a b"), arguments.subList(main + 1, main + 4));
    String classpath = arguments.get(main - 1);
    assertTrue(classpath.startsWith(root.resolve("launch/target/classes") + ":"), classpath);
    assertTrue(classpath.endsWith(":/repository/some.jar"), classpath);
    assertEquals("", result.err());
  }

  /** Reference cases and measurements are no part of a start of the product. */
  @Test
  void theToolsAreThereForTheirOwnCommandsAndForListsAlone() throws Exception {
    String home = jdk("jdk-25", "25").toString();
    for (String command : new CommandLine(new Main()).getSubcommands().keySet()) {
      String started = run(Map.of("JAVA_HOME", home), "--verbose", command, "verify").out();
      assertTrue(started.contains(root.resolve("launch/target/classes").toString()), started);
      assertFalse(started.contains("/verify/target"), started);
      assertFalse(started.contains("/benchmarks/target"), started);
    }
    for (String[] asked :
        new String[][] {{"verify", "images"}, {"bench", "step"}, {"verfy"}, {"--help"}, {}}) {
      String started = run(Map.of("JAVA_HOME", home), asked).out();
      assertTrue(started.contains(root + "/verify/target/classes:"), started);
      assertTrue(started.contains(root + "/benchmarks/target/classes:"), started);
    }
  }

  @Test
  void tooOldAJavaIsNamedWithWhereItStandsAndTheRemedy() throws Exception {
    Path jdk = jdk("jdk-17", "17");
    Result result = run(Map.of("URRL_JAVA_HOME", jdk.toString()), "pretrain");
    assertEquals(1, result.code());
    assertEquals("", result.out());
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(result.err().startsWith("urrl: Java 25 or newer is needed"), result.err());
    assertTrue(result.err().contains(jdk + " (Java 17)"), result.err());
    assertTrue(result.err().contains("URRL_JAVA_HOME"), result.err());
  }

  @Test
  void noJavaAtAllSaysWhereItLooked() throws Exception {
    Result result = run(Map.of(), "pretrain");
    assertEquals(1, result.code());
    assertTrue(result.err().contains("Java 25 or newer is needed"), result.err());
    assertTrue(result.err().contains("nothing that holds bin/java"), result.err());
  }

  @Test
  void anOldJavaOnThePathDoesNotHideANewOneInJavaHome() throws Exception {
    Path old = jdk("jdk-17", "17");
    Files.createSymbolicLink(tools.resolve("java"), old.resolve("bin/java"));
    Result result = run(Map.of("JAVA_HOME", jdk("jdk-26", "26").toString()), "--version");
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().contains("JAVA=26"), result.out());
  }

  @Test
  void aJdkWithoutReleaseFileIsAsked() throws Exception {
    Path jdk = jdk("jdk", "25");
    Files.delete(jdk.resolve("release"));
    Result result = run(Map.of("JAVA_HOME", jdk.toString()), "--version");
    assertEquals(0, result.code(), result.err());
  }

  @Test
  void worksThroughLinksAndFromAnywhere() throws Exception {
    Path link = Files.createSymbolicLink(place.resolve("shortcut"), root.resolve("launch/urrl"));
    Result result =
        run(link, Map.of("JAVA_HOME", jdk("jdk", "25").toString()), List.of("--version"));
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().contains(root + "/launch/target/classes"), result.out());
  }

  @Test
  void waitingTensorThreadsSleepUnlessAskedNotTo() throws Exception {
    String home = jdk("jdk", "25").toString();
    Map<String, String> plain = Map.of("JAVA_HOME", home);
    assertTrue(run(plain, "--version").out().contains("OMP_WAIT_POLICY=passive"));
    Map<String, String> asked = Map.of("JAVA_HOME", home, "OMP_WAIT_POLICY", "active");
    assertTrue(run(asked, "--version").out().contains("OMP_WAIT_POLICY=active"));
  }

  @Test
  void aLocaleWithoutUtf8IsReplacedAndOneWithItIsNot() throws Exception {
    String home = jdk("jdk", "25").toString();
    for (Map<String, String> locale :
        List.of(
            Map.<String, String>of(),
            Map.of("LANG", "C"),
            Map.of("LC_ALL", "POSIX"),
            Map.of("LC_CTYPE", "C", "LANG", "C.UTF-8"),
            Map.of("LC_ALL", "de_DE.ISO-8859-1", "LANG", "C.UTF-8"))) {
      Map<String, String> environment = new TreeMap<>(locale);
      environment.put("JAVA_HOME", home);
      Result result = run(environment, "--version");
      assertTrue(result.out().contains("LC_ALL=C.UTF-8"), locale + ": " + result.out());
      assertFalse(result.err().contains("urrl:"), result.err());
    }
    Result kept = run(Map.of("JAVA_HOME", home, "LANG", "C.UTF-8"), "--version");
    assertTrue(kept.out().contains("LC_ALL=unset"), kept.out());
  }

  @Test
  void aLocaleThatIsNotInstalledIsReplaced() throws Exception {
    Path script = tools.resolve("locale");
    executable(
        Files.writeString(
            script,
            """
            #!/bin/bash
            case "$LC_ALL" in en_US.UTF-8) echo UTF-8 ;; *) echo ANSI_X3.4-1968 ;; esac
            """));
    String home = jdk("jdk", "25").toString();
    Result result = run(Map.of("JAVA_HOME", home, "LANG", "xx_XX.UTF-8"), "--version");
    assertTrue(result.out().contains("LC_ALL=en_US.UTF-8"), result.out());
  }

  @Test
  void theAllocatorIsTunedUnlessAskedNotTo() throws Exception {
    String home = jdk("jdk", "25").toString();
    Result tuned = run(Map.of("JAVA_HOME", home), "--verbose");
    assertTrue(tuned.out().contains("MALLOC_MMAP_THRESHOLD_=8589934592"), tuned.out());
    assertTrue(tuned.err().contains("allocator tuned"), tuned.err());
    Result plain = run(Map.of("JAVA_HOME", home, "URRL_MALLOC", "default"), "--verbose");
    assertTrue(plain.out().contains("MALLOC_MMAP_THRESHOLD_=unset"), plain.out());
    assertFalse(plain.err().contains("allocator tuned"), plain.err());
  }

  @Test
  void onlyTheAnnouncementOfTheVectorModuleIsTakenOut() throws Exception {
    Path jdk = jdk("jdk", "25");
    Files.writeString(
        jdk.resolve("bin/java"),
        """
        #!/bin/sh
        echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2
        echo 'the JVM has something to say' >&2
        echo 'the program has, too' >&3
        exit 7
        """);
    Result result = run(Map.of("JAVA_HOME", jdk.toString()), "pretrain");
    assertEquals(7, result.code());
    assertFalse(result.err().contains("incubator"), result.err());
    assertTrue(result.err().contains("the JVM has something to say"), result.err());
    assertTrue(result.err().contains("the program has, too"), result.err());
  }

  /** Signals go to the launcher's process: it must have become the JVM, not wait for it. */
  @Test
  void theLaunchersProcessBecomesTheJvm() throws Exception {
    Path jdk = jdk("jdk", "25");
    Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\necho \"PID=$$\"\nkill -TERM $$\n");
    Result result = run(Map.of("JAVA_HOME", jdk.toString()), "pretrain");
    assertEquals("PID=" + result.process() + "\n", result.out());
    assertEquals(128 + 15, result.code());
  }

  @Test
  void buildsWhenSourcesAreNewerAndOnlyThen() throws Exception {
    String home = jdk("jdk", "25").toString();
    executable(
        Files.writeString(
            tools.resolve("mvn"), "#!/bin/sh\necho \"$@\" >> '" + place + "/built'\n"));
    assertEquals(0, run(Map.of("JAVA_HOME", home), "--version").code());
    assertFalse(Files.exists(place.resolve("built")), "built without need");

    Path source = root.resolve("actors/src/main/Changed.java");
    Files.writeString(source, "");
    Files.setLastModifiedTime(
        root.resolve("launch/target/classpath.txt"), FileTime.from(Instant.EPOCH));
    Result built = run(Map.of("JAVA_HOME", home), "--version");
    assertEquals(0, built.code(), built.err());
    assertEquals(1, Files.readAllLines(place.resolve("built")).size());
    assertTrue(built.err().contains("urrl: building"), built.err());
    assertTrue(built.err().contains("urrl: built in"), built.err());
  }

  @Test
  void aFailedBuildEndsWithItsReason() throws Exception {
    executable(
        Files.writeString(tools.resolve("mvn"), "#!/bin/sh\necho 'no such artifact'\nexit 1\n"));
    Files.delete(root.resolve("launch/target/classpath.txt"));
    Result result = run(Map.of("JAVA_HOME", jdk("jdk", "25").toString()), "pretrain");
    assertEquals(1, result.code());
    assertTrue(result.err().contains("no such artifact"), result.err());
    assertTrue(result.err().contains("urrl: the build failed"), result.err());
    assertEquals("", result.out());
  }

  /** The build's tests and the launcher read one file of flags. */
  @Test
  void theTestsRunWithTheFlagsThatTheLauncherGives() throws Exception {
    List<String> flags =
        Files.readAllLines(FLAGS).stream().filter(line -> !line.startsWith("#")).toList();
    assertFalse(flags.isEmpty());
    List<String> here = ManagementFactory.getRuntimeMXBean().getInputArguments();
    assertTrue(here.containsAll(flags), here.toString());
    Result result = run(Map.of("JAVA_HOME", jdk("jdk", "25").toString()), "--version");
    assertTrue(result.out().lines().toList().contains("@" + root.resolve("launch/jvm.flags")));
  }

  /** A JDK whose java prints its arguments and what the launcher set. */
  private Path jdk(String name, String version) throws IOException {
    Path jdk = Files.createDirectories(place.resolve(name));
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + ".0.1\"\n");
    executable(
        Files.writeString(
            jdk.resolve("bin/java"),
            """
            #!/bin/sh
            if [ "$1" = -XshowSettings:properties ]; then
              echo '    java.specification.version = %1$s' >&2
              exit
            fi
            for argument in "$@"; do echo "$argument"; done
            echo "JAVA=%1$s"
            echo "MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-unset}"
            echo "OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-unset}"
            echo "LC_ALL=${LC_ALL:-unset}"
            """
                .formatted(version)));
    return jdk;
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Result(int code, String out, String err, long process) {}

  private Result run(Map<String, String> environment, String... arguments) throws Exception {
    return run(root.resolve("launch/urrl"), environment, List.of(arguments));
  }

  /**
   * Runs a script to the end of all that writes to its standard error: the filter there may outlive
   * the process that it filters, and the JDK closes a child's pipes when the child itself is gone.
   */
  private static final String TO_THE_END =
      """
      out=$1 err=$2 pid=$3
      shift 3
      (echo "$BASHPID" >"$pid"; exec /bin/bash "$@") 2>&1 >"$out" | /bin/cat >"$err"
      exit "${PIPESTATUS[0]}"
      """;

  private Result run(Path script, Map<String, String> environment, List<String> arguments)
      throws Exception {
    Path out = Files.createTempFile(place, "out", "");
    Path err = Files.createTempFile(place, "err", "");
    Path pid = Files.createTempFile(place, "pid", "");
    List<String> command =
        new ArrayList<>(
            List.of(
                "/bin/bash",
                "-c",
                TO_THE_END,
                "to-the-end",
                out.toString(),
                err.toString(),
                pid.toString(),
                script.toString()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    Map<String, String> variables = new TreeMap<>(environment);
    variables.put("PATH", tools.toString());
    variables.put("HOME", place.toString());
    variables.put("URRL_ONLY_PATH", "1");
    builder.environment().clear();
    builder.environment().putAll(variables);
    int code = builder.start().waitFor();
    return new Result(
        code,
        Files.readString(out),
        Files.readString(err),
        Long.parseLong(Files.readString(pid).strip()));
  }
}
