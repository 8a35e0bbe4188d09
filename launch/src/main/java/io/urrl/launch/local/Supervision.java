package io.urrl.launch.local;

import io.urrl.launch.config.NodeCounts;
import io.urrl.launch.local.ClusterState.End;
import io.urrl.launch.local.ClusterState.Phase;
import io.urrl.launch.local.Wanted.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Decides what is to be done about the nodes of a cluster, from what is wanted and what became of
 * their processes. Touches no process, file or clock. Not for several threads.
 */
final class Supervision {
  /** Exit code of a node that was put out of its cluster or lost its data plane. */
  static final int LOST = 75;

  /** How often a node may fail before it has worked for a while. */
  static final int MOST_FAILURES = 5;

  /** After so long as a member a node has not failed at its start. */
  static final long PROVED_MILLIS = 10_000;

  /** A node that lived so long is started again without a pause. */
  static final long CALM_MILLIS = 60_000;

  static final long FIRST_PAUSE_MILLIS = 200;
  static final long LONGEST_PAUSE_MILLIS = 10_000;

  /** How long the trainer may take over a last checkpoint. */
  static final long STOP_MILLIS = 60_000;

  /** How long a node may take to leave. */
  static final long DRAIN_MILLIS = 60_000;

  /** The same when the run is over and there is nothing to give back. */
  static final long END_MILLIS = 20_000;

  /** Something to do. */
  sealed interface Action {
    /**
     * Start a node.
     *
     * @param seeds members that it may join by
     */
    record Start(Node node, List<String> seeds) implements Action {}

    /** Tell a node to leave. */
    record Terminate(String name) implements Action {}

    /** End a node at once. */
    record Kill(String name) implements Action {}

    /** Ask for a checkpoint and the end of the run. */
    record AskForTheEnd() implements Action {}

    /** Tell people. */
    record Say(String text) implements Action {}

    /** Tell people that a node is given up, with the last lines of its log. */
    record GiveUp(String name, String text) implements Action {}
  }

  /** What is known of a node. */
  private static final class Memory {
    private Phase phase = Phase.WAITING;
    private int restarts;
    private int pauses;
    private int failures;
    private long startAt;
    private long startedAt;
    private long upAt = -1;
    private long terminatedAt = -1;
    private boolean killed;
    private String text = "";
  }

  private final Map<String, Memory> memories = new LinkedHashMap<>();
  private final List<Action> actions = new ArrayList<>();
  private long now;
  private long stopAt = -1;
  private End end;
  private boolean finished;

  /** Goes on with a node that another supervisor started. */
  void adopt(ClusterState.Node node) {
    Memory memory = memory(node.name());
    memory.phase = node.phase();
    memory.restarts = node.restarts();
    memory.text = node.text();
  }

  private Memory memory(String name) {
    return memories.computeIfAbsent(name, any -> new Memory());
  }

  /**
   * Looks at everything again.
   *
   * @param millis of a clock that only goes forward
   * @param facts of the nodes' processes; none for a node that is missing
   * @param over how the run ended, if it has
   */
  List<Action> look(long millis, Wanted wanted, Map<String, Fact> facts, Optional<End> over) {
    now = millis;
    actions.clear();
    memories.keySet().retainAll(wanted.nodes().stream().map(Node::name).toList());
    for (Node node : wanted.nodes()) {
      see(node, Fact.of(facts, node.name()));
    }
    decideTheEnd(wanted, over);
    for (Node node : wanted.nodes()) {
      if (end != null) {
        end(node, wanted);
      } else {
        care(node, wanted, facts);
      }
    }
    finished =
        memories.values().stream().noneMatch(Supervision::lives)
            && (end != null || wanted.nodes().stream().noneMatch(Node::runs));
    return List.copyOf(actions);
  }

  private static boolean lives(Memory memory) {
    return memory.phase == Phase.RUNNING || memory.phase == Phase.DRAINING;
  }

  private void see(Node node, Fact fact) {
    Memory memory = memory(node.name());
    switch (fact) {
      case Fact.Alive alive -> {
        if (!lives(memory)) {
          begin(memory);
        }
        if (alive.up() && memory.upAt < 0) {
          memory.upAt = now;
          memory.text = "";
          actions.add(
              new Action.Say(
                  node.isDriver()
                      ? "the media driver is ready"
                      : node.name() + " is up at " + node.address()));
        }
      }
      case Fact.Ended ended when lives(memory) -> onEnd(node, memory, ended.code());
      case Fact.None none when lives(memory) -> onEnd(node, memory, OptionalInt.empty());
      case Fact.Ended _, Fact.None _ -> {
        // Nothing that is not known.
      }
    }
  }

  private void begin(Memory memory) {
    memory.phase = Phase.RUNNING;
    memory.startedAt = now;
    memory.upAt = -1;
    memory.terminatedAt = -1;
    memory.killed = false;
  }

  private void onEnd(Node node, Memory memory, OptionalInt code) {
    if (memory.phase == Phase.DRAINING || end != null || !node.runs()) {
      memory.phase = Phase.GONE;
      memory.text = memory.killed ? "was ended at once" : "";
      actions.add(
          new Action.Say(
              node.name() + (memory.killed ? " did not leave and was ended" : " has left")));
      return;
    }
    String how = how(code);
    boolean failed = code.isEmpty() || (code.getAsInt() != 0 && code.getAsInt() != LOST);
    boolean proved = memory.upAt >= 0 && now - memory.upAt >= PROVED_MILLIS;
    memory.failures = (proved ? 0 : memory.failures) + (failed ? 1 : 0);
    memory.pauses = now - memory.startedAt >= CALM_MILLIS ? 0 : memory.pauses;
    memory.text = how;
    if (memory.failures >= MOST_FAILURES) {
      memory.phase = Phase.FAILED;
      actions.add(
          new Action.GiveUp(
              node.name(),
              "%s %s for the %dth time in a row and is not started again"
                  .formatted(node.name(), how, memory.failures)));
      return;
    }
    long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(memory.pauses, 10));
    memory.pauses++;
    memory.restarts++;
    memory.phase = Phase.WAITING;
    memory.startAt = now + pause;
    actions.add(
        new Action.Say(
            "%s %s; it starts again in %.1f s".formatted(node.name(), how, pause / 1000.0)));
  }

  private static String how(OptionalInt code) {
    if (code.isEmpty()) {
      return "ended";
    }
    int number = code.getAsInt();
    return switch (number) {
      case LOST -> "lost its cluster (exit code 75)";
      case 137 -> "was killed (exit code 137)";
      default -> "ended with exit code " + number;
    };
  }

  private void decideTheEnd(Wanted wanted, Optional<End> over) {
    if (end != null) {
      return;
    }
    if (over.isPresent()) {
      decide(over.get());
    } else if (wanted.stopped()) {
      if (stopAt < 0) {
        stopAt = now;
        actions.add(new Action.AskForTheEnd());
        actions.add(new Action.Say("asking for a checkpoint and the end of the run"));
      }
      if (!plays(wanted, "trainer")) {
        decide(new End(End.STOPPED, "no trainer is there to write a last checkpoint", -1));
      } else if (now - stopAt >= STOP_MILLIS) {
        decide(
            new End(
                End.STOPPED,
                "no last checkpoint came within %d s; go on from the one before with --resume"
                    .formatted(STOP_MILLIS / 1000),
                -1));
      }
    } else {
      missing(wanted)
          .map("every node of role %s failed"::formatted)
          .or(() -> failedDriver(wanted))
          .ifPresent(text -> decide(new End(End.FAILED, text, -1)));
    }
  }

  private void decide(End how) {
    end = how;
    actions.add(new Action.Say("the run is over: " + how.text()));
  }

  private Optional<String> failedDriver(Wanted wanted) {
    return wanted.nodes().stream()
        .filter(node -> node.isDriver() && memory(node.name()).phase == Phase.FAILED)
        .map(any -> "the media driver failed")
        .findFirst();
  }

  /** A role that is wanted and that no node plays any more. */
  private Optional<String> missing(Wanted wanted) {
    return NodeCounts.NEEDED.stream()
        .filter(role -> wanted.playing(role) > 0 && !plays(wanted, role))
        .findFirst();
  }

  /** Whether a node that is not given up plays a role. */
  private boolean plays(Wanted wanted, String role) {
    return wanted.nodes().stream()
        .anyMatch(
            node ->
                node.runs()
                    && node.roles().contains(role)
                    && memory(node.name()).phase != Phase.FAILED);
  }

  private void care(Node node, Wanted wanted, Map<String, Fact> facts) {
    Memory memory = memory(node.name());
    switch (memory.phase) {
      case WAITING -> {
        if (!node.runs()) {
          memory.phase = Phase.GONE;
        } else if (now >= memory.startAt && (node.isDriver() || driven(wanted, facts))) {
          begin(memory);
          actions.add(new Action.Start(node, Seeds.of(node, founder(wanted), wanted, facts)));
        }
      }
      case RUNNING -> {
        if (!node.runs()) {
          leave(node.name(), memory);
        }
      }
      case DRAINING -> killAfter(node.name(), memory, DRAIN_MILLIS);
      case GONE -> {
        if (node.runs()) {
          // It was given up or sent away and is wanted again.
          memories.put(node.name(), new Memory());
        }
      }
      case FAILED -> {
        if (!node.runs()) {
          memory.phase = Phase.GONE;
        }
      }
    }
  }

  private void end(Node node, Wanted wanted) {
    Memory memory = memory(node.name());
    switch (memory.phase) {
      case WAITING -> memory.phase = Phase.GONE;
      case RUNNING -> {
        if (!node.isDriver() || lonely(wanted)) {
          leave(node.name(), memory);
        }
      }
      case DRAINING -> killAfter(node.name(), memory, END_MILLIS);
      case GONE, FAILED -> {
        // Nothing is left to end.
      }
    }
  }

  /** Whether the media driver, where there is one, is ready for nodes that begin. */
  private static boolean driven(Wanted wanted, Map<String, Fact> facts) {
    return wanted.nodes().stream()
        .filter(Node::isDriver)
        .allMatch(driver -> Fact.of(facts, driver.name()).isUp());
  }

  /** Whether no node needs the media driver any more. */
  private boolean lonely(Wanted wanted) {
    return wanted.nodes().stream()
        .noneMatch(node -> !node.isDriver() && lives(memory(node.name())));
  }

  private void leave(String name, Memory memory) {
    memory.phase = Phase.DRAINING;
    memory.terminatedAt = now;
    actions.add(new Action.Terminate(name));
  }

  private void killAfter(String name, Memory memory, long millis) {
    if (memory.terminatedAt < 0) {
      // Another supervisor told it; a second time would end it at once.
      memory.terminatedAt = now;
    }
    if (now - memory.terminatedAt >= millis && !memory.killed) {
      memory.killed = true;
      actions.add(new Action.Kill(name));
    }
  }

  /** The node that may begin a cluster. */
  private Optional<Node> founder(Wanted wanted) {
    return wanted.nodes().stream()
        .filter(node -> node.runs() && node.roles().contains("trainer"))
        .filter(node -> memory(node.name()).phase != Phase.FAILED)
        .findFirst();
  }

  /** Whether nothing is left to supervise. */
  boolean finished() {
    return finished;
  }

  /** How the cluster ends, once that is known. */
  Optional<End> end() {
    return Optional.ofNullable(end);
  }

  /** Where a node stands. */
  Phase phase(String name) {
    return memory(name).phase;
  }

  /** How often a node was started again. */
  int restarts(String name) {
    return memory(name).restarts;
  }

  /** What was last said of a node. */
  String text(String name) {
    return memory(name).text;
  }
}
