package io.urrl.launch.local;

import io.urrl.actors.files.FileFailure;
import io.urrl.launch.UserException;
import io.urrl.launch.local.ClusterState.End;
import io.urrl.launch.local.ClusterState.Phase;
import io.urrl.launch.run.ProcessLock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Watches over the nodes of a cluster: starts what is wanted, starts again what ended, ends what is
 * wanted no longer. One process at a time does; the nodes do not depend on it, and the next one
 * goes on with those that live. For one thread.
 */
public final class Supervisor implements AutoCloseable {
  private static final long PAUSE_MILLIS = 200;
  private static final Duration TAKE = Duration.ofSeconds(3);
  private static final int LAST_LINES = 8;

  /** Exit code of what could not be started. */
  private static final int NOT_STARTED = 126;

  private final ClusterDirectory cluster;
  private final NodeProgram program;
  private final Consumer<String> say;
  private final ProcessLock lock;
  private final ProcessIdentity self;
  private final Supervision supervision = new Supervision();
  private final Map<String, NodeProcess> processes = new HashMap<>();
  private final Set<String> unstarted = new HashSet<>();
  private final Map<String, ClusterState.Node> shown = new HashMap<>();
  private final Semaphore changed = new Semaphore(0);
  private final Autoscaler autoscaler;
  private Wanted wanted;
  private ClusterState written;
  private String trouble = "";

  private Supervisor(
      ClusterDirectory cluster, NodeProgram program, Consumer<String> say, ProcessLock lock) {
    this.cluster = cluster;
    this.program = program;
    this.say = say;
    this.lock = lock;
    autoscaler = new Autoscaler(cluster, say);
    self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
    wanted = cluster.wanted();
    ClusterState before = cluster.state();
    written = new ClusterState(before.supervisor(), before.nodes(), null);
    adopt(before);
  }

  /**
   * Takes over the watch.
   *
   * @param say is told what happens, a line at a time
   * @return nothing when another process watches
   */
  public static Optional<Supervisor> take(
      ClusterDirectory cluster, NodeProgram program, Consumer<String> say) {
    try {
      // One that was killed may hold it for a moment more.
      return Waiting.first(() -> ProcessLock.take(cluster.lock()), TAKE)
          .map(lock -> new Supervisor(cluster, program, say, lock));
    } catch (IOException e) {
      throw failure(cluster, e);
    }
  }

  private static UserException failure(ClusterDirectory cluster, IOException e) {
    return new UserException(
        "%s cannot be used: %s".formatted(cluster.lock(), FileFailure.reason(cluster.lock(), e)),
        e);
  }

  private void adopt(ClusterState state) {
    for (Wanted.Node node : wanted.nodes()) {
      Optional<ClusterState.Node> known = state.node(node.name());
      known.ifPresent(supervision::adopt);
      known.ifPresent(one -> shown.put(one.name(), one));
      Optional<NodeProcess> living =
          known
              .map(ClusterState.Node::process)
              .map(NodeProcess::adopted)
              .filter(NodeProcess::isAlive)
              // The one before may have ended between its start and its being written down.
              .or(() -> NodeProcess.withArgument(NodeProgram.mark(cluster, node)));
      living.ifPresent(process -> processes.put(node.name(), process));
    }
  }

  /**
   * Watches until nothing is left to watch, or something else holds.
   *
   * @param enough is asked again and again
   */
  public void watch(Predicate<ClusterState> enough) throws InterruptedException {
    while (true) {
      look();
      if (supervision.finished() || enough.test(written)) {
        return;
      }
      boolean ended = changed.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      if (ended) {
        changed.drainPermits();
      }
    }
  }

  private void look() {
    try {
      wanted = cluster.wanted();
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
      List<Supervision.Action> actions = supervision.look(millis, wanted, facts(), over());
      for (Supervision.Action action : actions) {
        perform(action);
      }
      write();
      for (String name : processes.keySet()) {
        cluster.log(name).turn();
      }
      if (!wanted.stopped() && supervision.end().isEmpty()) {
        autoscaler.look(millis, wanted, name -> supervision.phase(name) == Phase.FAILED);
      }
      trouble = "";
    } catch (IOException e) {
      tell(FileFailure.reason(e));
    } catch (UserException e) {
      tell(e.getMessage());
    }
  }

  /** Says once what goes wrong again and again: a full disk must not end the watch. */
  private void tell(String text) {
    if (!text.equals(trouble)) {
      trouble = text;
      say.accept("trouble: " + text);
    }
  }

  private Optional<End> over() throws IOException {
    return cluster
        .ended()
        .map(
            over ->
                switch (over.outcome()) {
                  case End.DONE ->
                      new End(
                          End.DONE, "trained %d steps".formatted(over.version()), over.version());
                  case End.STOPPED ->
                      new End(
                          End.STOPPED,
                          over.version() == 0
                              ? "stopped before the first step"
                              : "stopped at step " + over.version(),
                          over.version());
                  default -> new End(End.FAILED, over.text(), -1);
                });
  }

  private Map<String, Fact> facts() {
    Map<String, Fact> facts = new HashMap<>();
    for (Wanted.Node node : wanted.nodes()) {
      process(node.name()).ifPresent(process -> facts.put(node.name(), fact(node, process)));
    }
    unstarted.forEach(name -> facts.put(name, new Fact.Ended(OptionalInt.of(NOT_STARTED))));
    return facts;
  }

  private Fact fact(Wanted.Node node, NodeProcess process) {
    return process.isAlive()
        ? new Fact.Alive(
            cluster.report(node, process.identity()).filter(NodeReport::isUp).isPresent())
        : new Fact.Ended(process.code());
  }

  private void perform(Supervision.Action action) throws IOException {
    switch (action) {
      case Supervision.Action.Start start -> start(start.node(), start.seeds());
      case Supervision.Action.Terminate one ->
          process(one.name()).ifPresent(NodeProcess::terminate);
      case Supervision.Action.Kill one -> process(one.name()).ifPresent(NodeProcess::kill);
      case Supervision.Action.AskForTheEnd ask -> cluster.askForTheEnd();
      case Supervision.Action.Say one -> say.accept(one.text());
      case Supervision.Action.GiveUp one -> giveUp(one.name(), one.text());
    }
  }

  private Optional<NodeProcess> process(String name) {
    return Optional.ofNullable(processes.get(name));
  }

  private void start(Wanted.Node node, List<String> seeds) {
    processes.remove(node.name());
    unstarted.remove(node.name());
    NodeLog log = cluster.log(node.name());
    try {
      if (!Ports.isFree(node.host(), node.port())) {
        start(moved(node), seeds);
        return;
      }
      List<String> command = program.node(cluster, node, seeds);
      log.begin(
          node.isDriver()
              ? node.name()
              : "%s joins by %s".formatted(node.name(), String.join(", ", seeds)));
      processes.put(node.name(), NodeProcess.start(command, log.file(), () -> changed.release()));
    } catch (IOException e) {
      unstarted.add(node.name());
      say.accept(
          "%s cannot be started: %s".formatted(node.name(), FileFailure.reason(log.file(), e)));
    }
  }

  /** Another process has the port that was the node's; it is started at another one. */
  private Wanted.Node moved(Wanted.Node node) throws IOException {
    Set<Integer> taken = new HashSet<>();
    wanted.nodes().forEach(one -> taken.add(one.port()));
    int port =
        Ports.free(node.host(), cluster.run().toAbsolutePath().toString(), taken, 1).getFirst();
    say.accept(
        "port %d of %s is taken by another process; the node gets %d"
            .formatted(node.port(), node.name(), port));
    wanted = cluster.edit(now -> now.with(node.name(), one -> one.at(port)));
    return node.at(port);
  }

  private void giveUp(String name, String text) throws IOException {
    say.accept(text + ". Its last lines (all of them: " + cluster.logFile(name) + "):");
    cluster.log(name).last(LAST_LINES).forEach(line -> say.accept("  " + line));
  }

  private void write() throws IOException {
    List<ClusterState.Node> nodes = new ArrayList<>();
    for (Wanted.Node node : wanted.nodes()) {
      String name = node.name();
      Phase phase = supervision.phase(name);
      ProcessIdentity process = process(name).map(NodeProcess::identity).orElse(null);
      ClusterState.Node before = shown.get(name);
      boolean same =
          before != null
              && before.phase() == phase
              && (process == null || process.equals(before.process()));
      ClusterState.Node after =
          new ClusterState.Node(
              name,
              phase,
              process,
              supervision.restarts(name),
              same ? before.since() : Instant.now().toString(),
              supervision.text(name));
      shown.put(name, after);
      nodes.add(after);
    }
    End end =
        supervision.finished()
            ? supervision.end().orElse(new End(End.STOPPED, "all nodes were sent away", -1))
            : null;
    ClusterState state = new ClusterState(self, nodes, end);
    if (!state.equals(written)) {
      cluster.write(state);
      written = state;
    }
  }

  /** How the cluster ended; nothing while it goes on. */
  public Optional<End> end() {
    return Optional.ofNullable(written.end());
  }

  /** Leaves the nodes to themselves. */
  @Override
  public void close() {
    try {
      cluster.write(new ClusterState(null, written.nodes(), written.end()));
      lock.close();
    } catch (IOException e) {
      throw failure(cluster, e);
    }
  }
}
