package io.urrl.gpu.worker;

import io.urrl.actors.protocol.GpuWorkerCommand.Enlist;
import io.urrl.actors.protocol.GpuWorkerCommand.Subscribed;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.stream.ChunkHandler;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.StreamAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/**
 * A worker's ties to the shards of a term: it says to each which version it has, hears where
 * results go, and follows what each broadcasts. For the worker's thread.
 */
final class ShardLinks {

  /** A shard that has answered. Chunks of its broadcast come on the receive thread. */
  private static final class Link implements ChunkHandler {
    private final Subscribed answer;
    private final ChunkHandler inbox;

    /** Whether something was broadcast to here since the slice last came whole. */
    private volatile boolean hears;

    /** What the shard was told of that. */
    private boolean told;

    Link(Subscribed answer, ChunkHandler inbox) {
      this.answer = answer;
      this.inbox = inbox;
    }

    @Override
    public void onChunk(ChunkHeader header, DirectBuffer buffer, int payload) {
      if (!hears) {
        hears = true;
      }
      inbox.onChunk(header, buffer, payload);
    }
  }

  private final Enlist run;
  private final TermWork.Desk desk;

  /** By slice. */
  private final Map<Integer, Link> links = new TreeMap<>();

  ShardLinks(Enlist run, TermWork.Desk desk) {
    this.run = run;
    this.desk = desk;
  }

  /**
   * Says to every shard what the worker has.
   *
   * @param version -1 for none
   */
  void subscribe(long version) {
    for (int slice = 0; slice < run.shards().size(); slice++) {
      subscribe(slice, version);
    }
  }

  private void subscribe(int slice, long version) {
    Link link = links.get(slice);
    boolean follows = link != null && link.hears;
    if (link != null) {
      link.told = follows;
    }
    run.shards()
        .get(slice)
        .tell(
            new ShardCommand.Subscribe(run.term(), desk.self(), desk.address(), version, follows));
  }

  void onSubscribed(Subscribed answer) {
    if (!links.containsKey(answer.slice())) {
      Link link = new Link(answer, desk.inbox());
      links.put(answer.slice(), link);
      desk.means().streams().follow(answer.changes(), link);
    }
  }

  /** Whether every shard has said where results go. */
  boolean isComplete() {
    return links.size() == run.shards().size();
  }

  /** Where results go, in the order of the slices. */
  List<StreamAddress> results() {
    return links.values().stream().map(link -> link.answer.results()).toList();
  }

  /**
   * The worker has taken a version over. Shards hear at once that their broadcast has come: as long
   * as they do not know that they send each change twice. Of whoever missed something it has to
   * show anew.
   */
  void onVersion(StagedVersion taken) {
    links.forEach(
        (slice, link) -> {
          if (taken.slices().get(slice).whole()) {
            link.hears = false;
          }
          if (link.hears != link.told) {
            subscribe(slice, taken.version());
          }
        });
  }

  /** Follows nobody any more. */
  void close() {
    links.values().forEach(link -> desk.means().streams().unfollow(link.answer.changes(), link));
    links.clear();
  }
}
