package io.urrl.actors.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A broadcast with a log for each media driver that followers are at. The drivers have logs of
 * their own, with flow control, window and cursor of their own, so that one that is slow, stopped
 * or gone costs the others half a second at most, once.
 */
final class Fanout implements Broadcast {
  /** How long others wait for one that takes nothing; more than a driver needs to drop a reader. */
  static final Duration PATIENCE = Duration.ofMillis(500);

  /** How long nobody may have said that there are followers before a log is closed. */
  static final Duration SILENCE = Duration.ofSeconds(10);

  private static final long NEVER = Long.MIN_VALUE;

  /** All followers at one media driver. */
  private static final class Line {
    private final String endpoint;
    private final PublicationWriter writer;
    private volatile long heardAt;
    private long sent;
    private boolean waitedFor;
    private long stuckSince;

    /** Whether others waited for it in vain; it is taken along again when it has caught up. */
    private boolean lagging;

    Line(String endpoint, PublicationWriter writer) {
      this.endpoint = endpoint;
      this.writer = writer;
    }
  }

  private final BroadcastAddress address;
  private final Function<String, PublicationWriter> open;
  private final Consumer<PublicationWriter> end;
  private final Runnable onClose;
  private final LongSupplier clock;

  /** Replaced as a whole, since a sender walks through it. */
  private volatile List<Line> lines = List.of();

  /** The tensor that is not everywhere yet, and how far it is. */
  private ChunkId underWay;

  private long reached;
  private long firstDoneAt;

  /**
   * @param open makes the writer to an endpoint, an empty one for the own media driver
   * @param end ends a writer
   * @param clock nanoseconds
   */
  Fanout(
      BroadcastAddress address,
      Function<String, PublicationWriter> open,
      Consumer<PublicationWriter> end,
      Runnable onClose,
      LongSupplier clock) {
    this.address = address;
    this.open = open;
    this.end = end;
    this.onClose = onClose;
    this.clock = clock;
  }

  @Override
  public BroadcastAddress address() {
    return address;
  }

  /** A follower says where it is. On the receive thread. */
  synchronized void heard(String endpoint) {
    long now = clock.getAsLong();
    for (Line line : lines) {
      if (line.endpoint.equals(endpoint)) {
        line.heardAt = now;
        line.writer.openAhead();
        return;
      }
    }
    Line line = new Line(endpoint, open.apply(endpoint));
    line.heardAt = now;
    line.writer.openAhead();
    List<Line> more = new ArrayList<>(lines);
    more.add(line);
    lines = List.copyOf(more);
  }

  /** Media drivers that somebody follows at. */
  int drivers() {
    return lines.size();
  }

  @Override
  public long offer(ChunkId id, Provenance provenance, ChunkSource source, long from, long total) {
    long now = clock.getAsLong();
    if (!id.equals(underWay) || from != reached) {
      begin(id, now);
    }
    long least = total;
    for (Line line : lines) {
      if (line.waitedFor && line.sent < total) {
        advance(line, id, provenance, source, total, now);
        if (line.waitedFor) {
          least = Math.min(least, line.sent);
        }
      }
    }
    reached = least;
    if (least == total) {
      underWay = null;
    }
    return least;
  }

  private void begin(ChunkId id, long now) {
    dropSilent(now);
    underWay = id;
    firstDoneAt = NEVER;
    for (Line line : lines) {
      line.sent = 0;
      line.stuckSince = NEVER;
      line.lagging &= !line.writer.hasRoom();
      line.waitedFor = line.writer.isConnected() && !line.lagging;
    }
  }

  private void advance(
      Line line, ChunkId id, Provenance provenance, ChunkSource source, long total, long now) {
    long sent = line.writer.offer(id, provenance, source, line.sent, total);
    if (sent == total) {
      firstDoneAt = firstDoneAt == NEVER ? now : firstDoneAt;
    } else if (sent > line.sent) {
      line.stuckSince = NEVER;
    } else if (line.stuckSince == NEVER) {
      line.stuckSince = now;
    }
    line.sent = sent;
    if (sent < total) {
      line.lagging = isOver(line.stuckSince, now) || isOver(firstDoneAt, now);
      line.waitedFor = line.writer.isConnected() && !line.lagging;
    }
  }

  private static boolean isOver(long since, long now) {
    return since != NEVER && now - since >= PATIENCE.toNanos();
  }

  private synchronized void dropSilent(long now) {
    List<Line> heard = new ArrayList<>(lines);
    for (Line line : lines) {
      if (now - line.heardAt >= SILENCE.toNanos()) {
        heard.remove(line);
        end.accept(line.writer);
      }
    }
    if (heard.size() < lines.size()) {
      lines = List.copyOf(heard);
    }
  }

  @Override
  public synchronized void close() {
    onClose.run();
    lines.forEach(line -> end.accept(line.writer));
    lines = List.of();
  }
}
