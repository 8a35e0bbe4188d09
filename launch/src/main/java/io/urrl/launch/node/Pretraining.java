package io.urrl.launch.node;

import io.urrl.actors.files.FileFailure;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunNews.Outcome;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.augment.data.DataException;
import io.urrl.augment.data.PictureSet;
import io.urrl.augment.data.PictureSets;
import io.urrl.augment.data.Split;
import io.urrl.gpu.nn.TensorRuntime;
import io.urrl.launch.UserException;
import io.urrl.launch.config.Settings;
import io.urrl.launch.run.OpenedRun;
import io.urrl.launch.run.RunDescription;
import io.urrl.launch.run.RunDirectory;
import io.urrl.launch.run.RunView;
import io.urrl.parameters.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A pre-training run on this node: begins it in its directory, or goes on with it there, has the
 * node carry it out, and shows it.
 */
public final class Pretraining implements AutoCloseable {
  private final RunDirectory directory;
  private final Node node;
  private final Node.Run run;
  private final CompletableFuture<Outcome> outcome;

  private Pretraining(Settings settings, RunDirectory directory, RunView view) {
    this.directory = directory;
    node = Node.start(NodeSettings.of(settings), settings.config());
    run = node.startRun(directory.path());
    outcome = node.watch(run, view);
    node.lost().thenAccept(text -> outcome.complete(new Outcome.Broken(text)));
  }

  /**
   * Starts a run on a node of this process, or goes on with one. Nothing is written before the data
   * were looked at.
   *
   * @param given settings; those of the tensor library are resolved on this machine
   * @param path directory of the run
   * @param resume whether the directory holds a run that goes on
   * @throws UserException when data, settings or directory do not allow it
   */
  public static Pretraining start(Settings given, Path path, boolean resume, RunView view) {
    Settings settings = given.onThisMachine();
    RunDirectory directory = describe(settings, path, resume, view::notice);
    try {
      return new Pretraining(settings, directory, view);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /**
   * Begins a run in its directory, or lets it go on with other settings, for whoever carries it
   * out. Nothing is written before the data were looked at.
   *
   * @param given settings; those of the tensor library are resolved on this machine
   * @param notices hears, for people, of what is odd about the data
   * @return the directory, of which this process holds the lock
   * @throws UserException when data, settings or directory do not allow it
   */
  public static RunDirectory describe(
      Settings given, Path path, boolean resume, Consumer<String> notices) {
    try {
      Settings settings = given.onThisMachine();
      PictureSet train = training(settings, resume);
      train.notices().forEach(notices);
      if (settings.evaluate().knnEvery() > 0) {
        Evaluations.data(settings);
      }
      RunDirectory directory = RunDirectory.open(path, resume);
      try {
        TensorRuntime runtime = runtime(settings);
        if (resume) {
          RunDescription description = RunDescription.read(path);
          description.requireSame(settings, train);
          description.requireSameBits(settings, runtime);
          OpenedRun.requireFitting(settings, path, description.settings().checkpointEvery());
          directory.describe(RunDescription.updated(path, settings, runtime));
        } else {
          directory.describe(RunDescription.of(settings, train, runtime).json());
        }
        OpenedRun.of(path).requireUsable();
        return directory;
      } catch (IOException | RuntimeException e) {
        directory.close();
        throw e;
      }
    } catch (DataException | IllegalArgumentException | CheckpointException e) {
      throw new UserException(e.getMessage(), e);
    } catch (IOException e) {
      throw new UserException(
          "run directory %s cannot be used: %s; make it writable or give another --run"
              .formatted(path, FileFailure.reason(path, e)),
          e);
    }
  }

  /**
   * Checks, before anything of a run is moved, that it may go on with these settings and data on
   * this machine.
   *
   * @throws UserException naming what does not allow it
   */
  public static void requireResumable(Settings given, Path path) {
    Settings settings = given.onThisMachine();
    RunDescription description = RunDescription.read(path);
    description.requireSame(settings, training(settings, true));
    description.requireSameBits(settings, runtime(settings));
  }

  private static TensorRuntime runtime(Settings settings) {
    Settings.Workers workers = settings.workers();
    return TensorRuntime.open(workers.tensorThreads(), workers.tensorIsa());
  }

  private static PictureSet training(Settings settings, boolean resume) {
    try {
      return PictureSets.open(settings.source(), Split.TRAIN);
    } catch (DataException e) {
      throw new UserException(
          e.getMessage() + (resume ? " (the run's data may be elsewhere now: --data DATA)" : ""),
          e);
    }
  }

  /** Is completed when the run is over. */
  public CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  /**
   * Asks for a checkpoint and the end, until it comes: a trainer that is replaced forgets it.
   * Evaluations that are not over are given up.
   */
  public void stop() {
    run.stopUntil(outcome);
  }

  /** The node that the run's actors live on. */
  public Node node() {
    return node;
  }

  /** The run's trainer. */
  ActorRef<TrainerCommand> trainer() {
    return run.trainer();
  }

  /** The run's recorder. */
  ActorRef<RunEvent> recorder() {
    return run.recorder();
  }

  @Override
  public void close() {
    node.close();
    directory.close();
  }
}
