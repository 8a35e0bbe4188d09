package io.urrl.gpu;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Garbage collections without a pause, and small blocks of native memory full of a pattern: memory
 * of direct buffers that nobody holds is freed and used again at once.
 */
public final class ForcedCollections implements AutoCloseable {
  private static final int BLOCKS = 512;
  private static final float PATTERN = -3.4e33f;

  private static final Cleaner CLEANER = Cleaner.create();

  /** Held, so that the blocks of the last round stay where they are. */
  @SuppressWarnings("UnusedVariable")
  private static volatile ByteBuffer[] blocks;

  private final AtomicLong collections = new AtomicLong();
  private final Thread thread = new Thread(this::collect, "forced collections");
  private volatile boolean over;

  /** Begins to collect. */
  public ForcedCollections() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Collects once and overwrites what that has freed. */
  public static void once() {
    CountDownLatch cleaned = new CountDownLatch(1);
    CLEANER.register(new Object(), cleaned::countDown);
    System.gc();
    try {
      // The memory of direct buffers is freed by a thread of its own, after the collection.
      if (!cleaned.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("no collection");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    for (int round = 0; round < 4; round++) {
      blocks = fresh();
    }
  }

  private static ByteBuffer[] fresh() {
    ByteBuffer[] fresh = new ByteBuffer[BLOCKS];
    Arrays.setAll(fresh, block -> ByteBuffer.allocateDirect(4).putFloat(0, PATTERN));
    return fresh;
  }

  private void collect() {
    while (!over) {
      once();
      collections.incrementAndGet();
    }
  }

  /** Collections so far. */
  public long count() {
    return collections.get();
  }

  @Override
  public void close() {
    over = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
