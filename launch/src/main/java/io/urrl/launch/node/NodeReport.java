package io.urrl.launch.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.actors.files.FileFailure;
import io.urrl.launch.config.NodeRole;
import io.urrl.launch.run.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
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

  /** A member of the cluster stands otherwise than before; the cluster's own view may be older. */
  private record Changed(Member member) implements Event {}

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
              context.messageAdapter(MemberEvent.class, event -> new Changed(event.member()));
          Cluster.get(context.getSystem())
              .subscriptions()
              .tell(Subscribe.create(events, MemberEvent.class));
          report.write("joining");
          return Behaviors.receive(Event.class)
              .onMessage(Changed.class, report::onChanged)
              .onSignal(
                  PostStop.class,
                  signal -> {
                    report.write("down");
                    return Behaviors.same();
                  })
              .build();
        });
  }

  private Behavior<Event> onChanged(Changed changed) {
    Member self = Cluster.get(context.getSystem()).selfMember();
    if (changed.member().uniqueAddress().equals(self.uniqueAddress())) {
      write(word(changed.member().status()));
    }
    return Behaviors.same();
  }

  private static String word(MemberStatus status) {
    if (status.equals(MemberStatus.joining()) || status.equals(MemberStatus.weaklyUp())) {
      return "joining";
    }
    if (status.equals(MemberStatus.up())) {
      return "up";
    }
    return status.equals(MemberStatus.leaving()) || status.equals(MemberStatus.exiting())
        ? "leaving"
        : "down";
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
    try {
      WholeFile.replace(file, text);
      written = text;
    } catch (IOException e) {
      context.getLog().warn("{}: {}", file, FileFailure.reason(file, e));
    }
  }
}
