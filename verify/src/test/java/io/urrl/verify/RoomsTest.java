package io.urrl.verify;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.urrl.actors.WireMessage;
import io.urrl.launch.command.Main;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Who may know whom: the modules as rooms, and what the pure packages must stay free of. */
final class RoomsTest {
  private static final String ACTORS = "io.urrl.actors..";
  private static final String AUGMENT = "io.urrl.augment..";
  private static final String GPU = "io.urrl.gpu..";
  private static final String PARAMETERS = "io.urrl.parameters..";
  private static final String LAUNCH = "io.urrl.launch..";
  private static final String SHARED = "io.urrl.launch";
  private static final String COMMAND = "io.urrl.launch.command..";
  private static final String NODE = "io.urrl.launch.node..";
  private static final String LOCAL = "io.urrl.launch.local..";
  private static final String RUN = "io.urrl.launch.run..";
  private static final String REPORT = "io.urrl.launch.report..";
  private static final String CONFIG = "io.urrl.launch.config..";
  private static final String[] TOOLS = {"io.urrl.verify..", "io.urrl.benchmarks.."};
  private static final String DJL = "ai.djl..";
  private static final String PEKKO = "org.apache.pekko..";
  private static final String AERON = "io.aeron..";

  private static final JavaClasses SOURCES =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .withImportOption(place -> !place.contains("/jmh_generated/"))
          .importPackages("io.urrl");

  @Test
  void augmentWorkersSeeNoOtherWorkers() {
    noClasses()
        .that()
        .resideInAPackage(AUGMENT)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(GPU, PARAMETERS, LAUNCH)
        .check(SOURCES);
  }

  @Test
  void gpuWorkersSeeNoOtherWorkers() {
    noClasses()
        .that()
        .resideInAPackage(GPU)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(AUGMENT, PARAMETERS, LAUNCH)
        .check(SOURCES);
  }

  @Test
  void theParameterServerSeesNoWorkers() {
    noClasses()
        .that()
        .resideInAPackage(PARAMETERS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(AUGMENT, GPU, LAUNCH)
        .check(SOURCES);
  }

  @Test
  void whatAllShareKnowsNobody() {
    noClasses()
        .that()
        .resideInAPackage(ACTORS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(AUGMENT, GPU, PARAMETERS, LAUNCH, DJL)
        .check(SOURCES);
  }

  @Test
  void onlyGpuWorkersAndTheLauncherKnowDjl() {
    noClasses()
        .that()
        .resideInAnyPackage(AUGMENT, PARAMETERS)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(DJL)
        .check(SOURCES);
  }

  @Test
  void nodesKnowNoCommandLineAndNoReports() {
    noClasses()
        .that()
        .resideInAPackage(NODE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(COMMAND, LOCAL, REPORT)
        .check(SOURCES);
  }

  @Test
  void runsOnDiskKnowNoNodesNoCommandLineNoReportsAndNoActors() {
    noClasses()
        .that()
        .resideInAPackage(RUN)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(COMMAND, LOCAL, NODE, REPORT, PEKKO, AERON)
        .check(SOURCES);
  }

  @Test
  void reportsKnowNoNodesAndNoCommandLine() {
    noClasses()
        .that()
        .resideInAPackage(REPORT)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(COMMAND, LOCAL, NODE, PEKKO, AERON)
        .check(SOURCES);
  }

  /** Whoever watches over processes must not depend on what goes wrong in them. */
  @Test
  void launchersOfNodesKnowNoNodesNoCommandLineNoReportsAndNoActors() {
    noClasses()
        .that()
        .resideInAPackage(LOCAL)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(COMMAND, NODE, REPORT, PEKKO, AERON)
        .check(SOURCES);
  }

  @Test
  void settingsLieBeneathAllRoomsOfTheLauncher() {
    noClasses()
        .that()
        .resideInAPackage(CONFIG)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(COMMAND, LOCAL, NODE, RUN, REPORT)
        .check(SOURCES);
  }

  @Test
  void everythingOfTheLauncherLiesInARoom() {
    classes()
        .that()
        .resideInAPackage(LAUNCH)
        .should()
        .resideInAnyPackage(SHARED, COMMAND, LOCAL, NODE, RUN, REPORT, CONFIG)
        .check(SOURCES);
  }

  @Test
  void whatTheRoomsShareKnowsNone() {
    noClasses()
        .that()
        .resideInAPackage(SHARED)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(COMMAND, LOCAL, NODE, RUN, REPORT, CONFIG)
        .check(SOURCES);
  }

  @Test
  void purePackagesKnowNoActorsAndNoStreams() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.urrl.actors.objective..",
            "io.urrl.actors.plan..",
            "io.urrl.actors.random..",
            "io.urrl.actors.tensor..",
            "io.urrl.augment.data..",
            "io.urrl.augment.image..",
            "io.urrl.augment.kernel..",
            "io.urrl.augment.corrupt..",
            "io.urrl.augment.corrupted..",
            "io.urrl.augment.chain..",
            "io.urrl.augment.pack..",
            "io.urrl.augment.transform..",
            "io.urrl.gpu.nn..",
            "io.urrl.gpu.loss..",
            "io.urrl.gpu.evaluate..",
            "io.urrl.parameters",
            "io.urrl.parameters.checkpoint..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(PEKKO, AERON)
        .check(SOURCES);
  }

  @Test
  void theProductKnowsNoTools() {
    noClasses()
        .that()
        .resideOutsideOfPackages(TOOLS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(TOOLS)
        .check(SOURCES);
  }

  @Test
  void packagesFormNoCircle() {
    slices().matching("io.urrl.(**)").should().beFreeOfCycles().check(SOURCES);
  }

  /**
   * A generator with hidden state would break repeatability; only stream ids may be random, and
   * what a benchmark works on.
   */
  @Test
  void randomnessIsKeyed() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.urrl.actors.stream")
        .and()
        .resideOutsideOfPackages(TOOLS)
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Random.class, ThreadLocalRandom.class, RandomGenerator.class)
        .orShould()
        .callMethod(Math.class, "random")
        .check(SOURCES);
  }

  @Test
  void nobodySleeps() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", Duration.class)
        .check(SOURCES);
  }

  @Test
  void onlyMainEndsTheProcess() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(Main.class)
        .and()
        .resideOutsideOfPackages(TOOLS)
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(SOURCES);
  }

  /**
   * DJL's operators with a number keep no hold of the memory that autograd saves, see {@link
   * io.urrl.gpu.nn.Scalars}.
   */
  @Test
  void noTensorOperatorTakesANumber() {
    noClasses().should().callMethodWhere(TensorOperators.TAKE_A_NUMBER).check(SOURCES);
  }

  /** Only commands talk to the person at the console; everything else returns or throws. */
  @Test
  void onlyTheCommandLineAndTheToolsPrint() {
    noClasses()
        .that()
        .resideOutsideOfPackage(COMMAND)
        .and()
        .resideOutsideOfPackages(TOOLS)
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(SOURCES);
  }

  /** What a message holds has to mean the same in another process. */
  @Test
  void protocolMessagesCarryNoPathsNoFuturesAndNoClosures() {
    noFields()
        .that()
        .areDeclaredInClassesThat()
        .areAssignableTo(WireMessage.class)
        .should()
        .haveRawType(
            assignableTo(Path.class)
                .or(assignableTo(File.class))
                .or(assignableTo(Future.class))
                .or(assignableTo(CompletionStage.class))
                .or(assignableTo(Executor.class))
                .or(assignableTo(Runnable.class))
                .or(annotatedWith(FunctionalInterface.class)))
        .check(SOURCES);
  }

  @Test
  void protocolMessagesAreRecords() {
    classes()
        .that()
        .implement(WireMessage.class)
        .and()
        .areNotInterfaces()
        .should()
        .beRecords()
        .orShould()
        .beEnums()
        .check(SOURCES);
  }
}
