package io.urrl.actors.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A broadcast with a log for each media driver that followers are at, each with flow control,
 * window and cursor of its own.
 */
final class Fanout implements Broadcast {
  /**
   * How long one that takes nothing is waited for: more than a driver needs to drop a reader, and
   * than answers need that get lost one after the other.
   */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How long nobody may have said that there are followers before a log is closed. */
  static final Duration SILENCE = Duration.ofSeconds(10);

  private static final long NEVER = Long.MIN_VALUE;

  /** All followers at one media driver. */
  private static final class Line {
    private final String endpoint;
    private final PublicationWriter writer;
    private volatile long heardAt;
    private long stuckSince = NEVER;

    /** Null for one that does not take part. */
    private Transfer transfer;

    /** Whether it has not got all; it is taken along again when it has caught up. */
    private boolean lagging;

    Line(String endpoint, PublicationWriter writer) {
      this.endpoint = endpoint;
      this.writer = writer;
    }

    boolean isUnderWay() {
      return transfer != null && !transfer.isDone();
    }
  }

  private final BroadcastAddress address;
  private final Function<String, PublicationWriter> open;
  private final Consumer<PublicationWriter> end;
  private final Runnable onClose;
  private final LongSupplier clock;

  /** Replaced as a whole, since a sender walks through it. */
  private volatile List<Line> lines = List.of();

  private boolean closed;

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
    if (closed) {
      return;
    }
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
  public void begin(List<Transfer.Part> parts) {
    dropSilent(clock.getAsLong());
    for (Line line : lines) {
      line.lagging |= line.isUnderWay();
      line.lagging &= !line.writer.hasRoom();
      line.stuckSince = NEVER;
      boolean takesPart = line.writer.isConnected() && !line.lagging;
      line.transfer = takesPart ? new Transfer(line.writer, parts) : null;
    }
  }

  @Override
  public boolean advance() {
    long now = clock.getAsLong();
    boolean moved = false;
    for (Line line : lines) {
      if (line.isUnderWay()) {
        moved |= advance(line, now);
      }
    }
    return moved;
  }

  private static boolean advance(Line line, long now) {
    boolean moved = line.transfer.advance();
    if (moved) {
      line.stuckSince = NEVER;
    } else if (line.stuckSince == NEVER) {
      line.stuckSince = now;
    }
    line.lagging = line.stuckSince != NEVER && now - line.stuckSince >= PATIENCE.toNanos();
    if (line.lagging || !line.writer.isConnected()) {
      line.transfer = null;
    }
    return moved;
  }

  @Override
  public boolean isDone() {
    for (Line line : lines) {
      if (line.isUnderWay()) {
        return false;
      }
    }
    return true;
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
    closed = true;
    onClose.run();
    lines.forEach(line -> end.accept(line.writer));
    lines = List.of();
  }
}
