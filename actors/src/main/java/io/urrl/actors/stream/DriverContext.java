package io.urrl.actors.stream;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Path;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/** What every media driver of urrl is set to, embedded or a process of its own. */
final class DriverContext {

  /**
   * @param directory that is the driver's own; what lies there is deleted
   */
  static MediaDriver.Context of(StreamSettings settings, Path directory) {
    int buffers = SocketBuffers.granted();
    MediaDriver.Context context = new MediaDriver.Context();
    return PacketLoss.applyTo(context)
        .aeronDirectoryName(directory.toString())
        .threadingMode(ThreadingMode.SHARED)
        // It makes connections, which are few.
        .asyncExecutorIdleStrategy(new SleepingMillisIdleStrategy())
        .dirDeleteOnStart(true)
        .dirDeleteOnShutdown(true)
        .termBufferSparseFile(true)
        .timerIntervalNs(Untethered.LOOK.toNanos())
        .untetheredWindowLimitTimeoutNs(Untethered.BEHIND.toNanos())
        .untetheredLingerTimeoutNs(Untethered.LINGER.toNanos())
        .ipcMtuLength(65_504)
        .mtuLength(settings.mtu())
        .socketSndbufLength(buffers)
        .socketRcvbufLength(buffers)
        .initialWindowLength(Math.max(buffers, settings.mtu()))
        .ipcTermBufferLength(settings.termLength())
        .publicationTermBufferLength(settings.termLength());
  }

  private DriverContext() {}
}
