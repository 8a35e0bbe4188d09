package io.urrl.actors.protocol;

import io.urrl.actors.plan.MicroBatchId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A {@link Result} as bytes for the streams: its fields in their order, big endian. */
public final class ResultBytes {

  /** The bytes of a result. */
  public static byte[] of(Result result) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(result.id().step());
      out.writeInt(result.id().index());
      out.writeInt(result.attempt());
      out.writeUTF(result.worker());
      out.writeLong(result.version());
      out.writeDouble(result.loss());
      out.writeDouble(result.accuracy());
      out.writeUTF(result.nonFinite());
      out.writeInt(result.samples());
      out.writeInt(result.substitutes().size());
      for (Result.Substitute substitute : result.substitutes()) {
        out.writeInt(substitute.asked());
        out.writeInt(substitute.used());
      }
      out.writeLong(result.digests().views());
      out.writeLong(result.digests().state());
      out.writeLong(result.digests().gradient());
      out.writeDouble(result.waits().views());
      out.writeDouble(result.waits().parameters());
      out.writeDouble(result.waits().compute());
      out.writeDouble(result.waits().send());
      out.writeInt(result.backlog().ready());
      out.writeInt(result.backlog().leases());
    } catch (IOException e) {
      throw new UncheckedIOException("a result cannot be written down", e);
    }
    return bytes.toByteArray();
  }

  /**
   * The result in bytes that {@link #of} made.
   *
   * @throws UncheckedIOException when they are none
   */
  public static Result read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return new Result(
          new MicroBatchId(in.readLong(), in.readInt()),
          in.readInt(),
          in.readUTF(),
          in.readLong(),
          in.readDouble(),
          in.readDouble(),
          in.readUTF(),
          in.readInt(),
          substitutes(in),
          new Result.Digests(in.readLong(), in.readLong(), in.readLong()),
          new Result.Waits(in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble()),
          new Result.Backlog(in.readInt(), in.readInt()));
    } catch (IOException e) {
      throw new UncheckedIOException("these bytes are no result of a micro-batch", e);
    }
  }

  private static List<Result.Substitute> substitutes(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<Result.Substitute> substitutes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      substitutes.add(new Result.Substitute(in.readInt(), in.readInt()));
    }
    return List.copyOf(substitutes);
  }

  private ResultBytes() {}
}
