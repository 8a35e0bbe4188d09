package io.urrl.launch.local;

import io.urrl.launch.local.Wanted.Node;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Whom a node joins its cluster by. */
final class Seeds {
  /** One that answers is enough. */
  private static final int MOST = 6;

  /**
   * Addresses of nodes that live, members first, and of the founder. The founder alone may begin a
   * cluster, and only while no other node is a member of one: it is told its own address first. It
   * asks the others that live before it does, for what they say of themselves may come late.
   *
   * @param founder the node that may begin a cluster
   */
  static List<String> of(
      Node node, Optional<Node> founder, Wanted wanted, Map<String, Fact> facts) {
    List<Node> others =
        wanted.nodes().stream()
            .filter(other -> !other.isDriver() && !other.name().equals(node.name()))
            .filter(other -> Fact.of(facts, other.name()) instanceof Fact.Alive)
            .sorted(Comparator.comparing(other -> !Fact.of(facts, other.name()).isUp()))
            .toList();
    boolean begun = others.stream().anyMatch(other -> Fact.of(facts, other.name()).isUp());
    boolean founds = !begun && founder.filter(node::equals).isPresent();
    Stream<String> living = others.stream().map(Node::address);
    Stream<String> founding = founder.stream().map(Node::address);
    return (founds ? Stream.concat(founding, living) : Stream.concat(living, founding))
        .filter(address -> founds || !address.equals(node.address()))
        .distinct()
        .limit(MOST)
        .toList();
  }

  private Seeds() {}
}
