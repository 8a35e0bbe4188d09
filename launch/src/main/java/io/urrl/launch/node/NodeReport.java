package io.urrl.launch.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.files.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Locale;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Keeps a file that says what a node is and how it stands in its cluster, for whoever started it:
 * one line of JSON, replaced as a whole whenever that changes.
 */
final class NodeReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a report is told. */
  sealed interface Event {}

  private record Changed() implements Event {}

  private final ActorContext<Event> context;
  private final Node node;
  private final Path file;
  private final Instant since = Instant.now();
  private String written = "";

  private NodeReport(ActorContext<Event> context, Node node, Path file) {
    this.context = context;
    this.node = node;
    this.file = file;
  }

  /** A report of {@code node} in a file. */
  static Behavior<Event> create(Node node, Path file) {
    return Behaviors.setup(
        context -> {
          NodeReport report = new NodeReport(context, node, file);
          ActorRef<MemberEvent> events =
              context.messageAdapter(MemberEvent.class, event -> new Changed());
          Cluster.get(context.getSystem())
              .subscriptions()
              .tell(Subscribe.create(events, MemberEvent.class));
          report.write(report.state());
          return Behaviors.receive(Event.class)
              .onAnyMessage(
                  event -> {
                    report.write(report.state());
                    return Behaviors.same();
                  })
              .onSignal(
                  PostStop.class,
                  signal -> {
                    report.write("down");
                    return Behaviors.same();
                  })
              .build();
        });
  }

  private String state() {
    String status = Cluster.get(context.getSystem()).selfMember().status().toString();
    return switch (status) {
      case "Up" -> "up";
      case "Leaving", "Exiting" -> "leaving";
      case "Removed" -> "joining";
      default -> status.toLowerCase(Locale.ROOT);
    };
  }

  private void write(String state) {
    NodeSettings settings = node.settings();
    ObjectNode all = JSON.createObjectNode();
    all.put("name", settings.name());
    settings.roles().stream().map(NodeRole::word).sorted().forEach(all.withArray("roles")::add);
    all.put("host", settings.membership().host());
    all.put("pid", ProcessHandle.current().pid());
    all.put("address", node.address().toString());
    all.put("state", state);
    ObjectNode workers = all.putObject("workers");
    settings.workers().forEach(role -> workers.put(role.word(), role.workers()));
    all.put("since", since.toString());
    String text = all + "\n";
    if (text.equals(written)) {
      return;
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.writeString(part, text);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      written = text;
    } catch (IOException e) {
      context.getLog().warn("{}: {}", file, FileFailure.reason(file, e));
    }
  }
}
