package io.urrl.benchmarks.stream;

import io.urrl.actors.stream.Broadcast;
import io.urrl.actors.stream.ChunkWriter;
import io.urrl.actors.stream.Streams;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends tensors over the streams to processes and waits until all of those that are asked for have
 * acknowledged.
 */
final class StreamTransfer implements Route {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Streams streams;
  private final MemorySegment tensor;
  private final List<Peer> peers = new ArrayList<>();
  private final BitSet here = new BitSet();
  private ChunkWriter to;
  private Broadcast broadcast;
  private long version;
  private int awaited;

  private StreamTransfer(String directory, int termLength, long bytes) {
    streams = Streams.open(StreamReceiver.settings(directory, termLength));
    tensor = Arena.ofAuto().allocate(bytes, Transfers.ALIGNMENT);
  }

  /**
   * To one process at its own address.
   *
   * @param directory of the media driver that both share, empty for one of each one's own
   */
  static StreamTransfer toOne(String directory, int termLength, long bytes) {
    StreamTransfer transfer = new StreamTransfer(directory, termLength, bytes);
    transfer.start(directory, termLength, List.of());
    String address = transfer.peers.getFirst().ready();
    transfer.to = transfer.streams.writerTo(Transfers.address(address.split(" "), 0));
    transfer.listen();
    return transfer;
  }

  /** To some processes by broadcast. */
  static StreamTransfer toAll(String directory, int termLength, long bytes, int receivers) {
    StreamTransfer transfer = new StreamTransfer(directory, termLength, bytes);
    transfer.broadcast = transfer.streams.broadcast();
    List<String> address =
        new ArrayList<>(Transfers.arguments(transfer.broadcast.address().sender()));
    address.add(Integer.toString(transfer.broadcast.address().streamId()));
    for (int i = 0; i < receivers; i++) {
      transfer.start(directory, termLength, address);
    }
    transfer.peers.forEach(Peer::ready);
    transfer.listen();
    transfer.awaitFollowers();
    return transfer;
  }

  private void start(String directory, int termLength, List<String> broadcast) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of(directory, Integer.toString(termLength)));
    arguments.add(Long.toString(tensor.byteSize()));
    arguments.addAll(broadcast);
    peers.add(Peer.start(StreamReceiver.class, arguments));
  }

  /** From now on the receivers, which have said that they are ready, say what came. */
  private void listen() {
    awaited = peers.size();
    for (int i = 0; i < peers.size(); i++) {
      int receiver = i;
      Thread.ofPlatform().daemon().start(() -> listen(receiver));
    }
  }

  /** A broadcast reaches those only who follow already. */
  private void awaitFollowers() {
    boolean all = false;
    while (!all) {
      next();
      send(version);
      all = awaitAll(Duration.ofMillis(500));
    }
  }

  private void send(long next) {
    if (broadcast == null) {
      Transfers.send(streams, to, next, tensor);
    } else {
      Transfers.send(streams, broadcast, next, tensor);
    }
  }

  /** Reads what a receiver says, until it ends. */
  private void listen(int receiver) {
    for (String line = peers.get(receiver).line();
        line != null;
        line = peers.get(receiver).line()) {
      onWhole(receiver, Long.parseLong(line));
    }
  }

  private synchronized void onWhole(int receiver, long whole) {
    if (whole == version) {
      here.set(receiver);
      notifyAll();
    }
  }

  private synchronized boolean awaitAll(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (here.cardinality() < awaited) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  private synchronized void next() {
    version++;
    here.clear();
  }

  @Override
  public double seconds() {
    next();
    long began = System.nanoTime();
    send(version);
    return awaitAll(PATIENCE) ? (System.nanoTime() - began) / 1e9 : Double.NaN;
  }

  /** Stops the last of the receivers, which is not waited for from now on. */
  void stopLast() {
    awaited--;
    peers.getLast().stopped(true);
  }

  @Override
  public void close() {
    peers.forEach(Peer::close);
    if (broadcast != null) {
      broadcast.close();
    }
    streams.close();
  }
}
