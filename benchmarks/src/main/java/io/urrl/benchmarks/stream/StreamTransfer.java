package io.urrl.benchmarks.stream;

import io.urrl.actors.stream.Broadcast;
import io.urrl.actors.stream.ChunkHeader;
import io.urrl.actors.stream.ChunkKind;
import io.urrl.actors.stream.ChunkWriter;
import io.urrl.actors.stream.StreamAddress;
import io.urrl.actors.stream.Streams;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/**
 * Sends tensors over the streams to processes and waits until all of those that are asked for have
 * acknowledged.
 */
final class StreamTransfer implements Route {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Streams streams;
  private final MemorySegment tensor;
  private final StreamAddress acknowledgements;
  private final List<Peer> peers = new ArrayList<>();
  private final BitSet here = new BitSet();
  private ChunkWriter to;
  private Broadcast broadcast;
  private long version;
  private int awaited;

  private StreamTransfer(String directory, int termLength, long bytes) {
    streams = Streams.open(StreamReceiver.settings(directory, termLength));
    tensor = Arena.ofAuto().allocate(bytes, Transfers.ALIGNMENT);
    acknowledgements = streams.receive(this::onAcknowledgement);
  }

  /**
   * To one process at its own address.
   *
   * @param directory of the media driver that both share, empty for one of each one's own
   */
  static StreamTransfer toOne(String directory, int termLength, long bytes) {
    StreamTransfer transfer = new StreamTransfer(directory, termLength, bytes);
    Peer peer = transfer.start(directory, termLength, 0, List.of());
    transfer.to = transfer.streams.writerTo(Transfers.address(peer.line().split(" "), 0));
    transfer.awaited = 1;
    return transfer;
  }

  /** To some processes by broadcast. */
  static StreamTransfer toAll(String directory, int termLength, long bytes, int receivers) {
    StreamTransfer transfer = new StreamTransfer(directory, termLength, bytes);
    transfer.broadcast = transfer.streams.broadcast();
    List<String> address = new ArrayList<>(Transfers.arguments(transfer.broadcast.address().sender()));
    address.add(Integer.toString(transfer.broadcast.address().streamId()));
    for (int i = 0; i < receivers; i++) {
      transfer.start(directory, termLength, i, address);
    }
    transfer.peers.forEach(Peer::line);
    transfer.awaited = receivers;
    transfer.awaitFollowers();
    return transfer;
  }

  private Peer start(String directory, int termLength, int number, List<String> broadcast) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of(directory, Integer.toString(termLength)));
    arguments.addAll(List.of(Long.toString(tensor.byteSize()), Integer.toString(number)));
    arguments.addAll(Transfers.arguments(acknowledgements));
    arguments.addAll(broadcast);
    Peer peer = Peer.start(StreamReceiver.class, arguments);
    peers.add(peer);
    return peer;
  }

  /** A broadcast reaches those only who follow already. */
  private void awaitFollowers() {
    boolean all = false;
    while (!all) {
      send(++version);
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

  private synchronized void onAcknowledgement(
      ChunkHeader header, DirectBuffer buffer, int payload) {
    if (header.kind() == ChunkKind.RESULT && header.result().step() == version) {
      here.set(header.result().index());
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

  @Override
  public double seconds() {
    synchronized (this) {
      version++;
      here.clear();
    }
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
