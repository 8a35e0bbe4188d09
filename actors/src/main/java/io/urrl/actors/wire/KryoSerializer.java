package io.urrl.actors.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import io.urrl.actors.WireMessage;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.JSerializer;

/**
 * Pekko's serializer for {@link WireMessage}s. Kryo instances are not thread-safe and are pooled;
 * classes must be in {@link WireIds}.
 */
public final class KryoSerializer extends JSerializer {
  /** Pekko's number of this serializer, on the wire with every message. */
  public static final int IDENTIFIER = 7_821;

  private static final int FIRST_BUFFER = 1024;
  private static final int LARGEST_MESSAGE = 16 * 1024 * 1024;
  private static final int REFERENCE_ID = 15;
  private static final int LIST_ID = 16;

  private final Pool<Kryo> pool;

  /** Called by Pekko. */
  public KryoSerializer(ExtendedActorSystem system) {
    ActorRefResolver resolver = ActorRefResolver.get(Adapter.toTyped(system));
    pool =
        new Pool<>(true, true, 64) {
          @Override
          protected Kryo create() {
            return kryo(resolver);
          }
        };
  }

  private static Kryo kryo(ActorRefResolver resolver) {
    Kryo kryo = new WireKryo();
    kryo.setRegistrationRequired(true);
    kryo.setReferences(false);
    kryo.register(ActorRef.class, new ReferenceSerializer(resolver), REFERENCE_ID);
    kryo.register(List.class, new ListSerializer(), LIST_ID);
    WireIds.table().forEach((type, id) -> kryo.register(type, id));
    return kryo;
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public boolean includeManifest() {
    return false;
  }

  @Override
  public byte[] toBinary(Object message) {
    Kryo kryo = pool.obtain();
    try (Output output = new Output(FIRST_BUFFER, LARGEST_MESSAGE)) {
      kryo.writeClassAndObject(output, message);
      return output.toBytes();
    } finally {
      pool.free(kryo);
    }
  }

  @Override
  public Object fromBinaryJava(byte[] bytes, Class<?> manifest) {
    Kryo kryo = pool.obtain();
    try (Input input = new Input(bytes)) {
      return kryo.readClassAndObject(input);
    } catch (KryoException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw refusal(e);
    } finally {
      pool.free(kryo);
    }
  }

  /** Pekko drops a message with this exception and keeps the connection. */
  private static RuntimeException refusal(RuntimeException cause) {
    NotSerializableException refused =
        new NotSerializableException(
            "a message cannot be read; the peer runs another version of urrl: "
                + cause.getMessage());
    refused.initCause(cause);
    return new IllegalArgumentException(refused.getMessage(), refused);
  }

  /** Whatever class a reference or a list has here, it travels as the interface. */
  private static final class WireKryo extends Kryo {
    @Override
    @SuppressWarnings("rawtypes")
    public Registration getRegistration(Class type) {
      if (ActorRef.class.isAssignableFrom(type)) {
        return super.getRegistration(ActorRef.class);
      }
      return super.getRegistration(List.class.isAssignableFrom(type) ? List.class : type);
    }
  }

  /** References as the paths by which every node of the cluster resolves them. */
  private static final class ReferenceSerializer extends Serializer<ActorRef<?>> {
    private final ActorRefResolver resolver;

    ReferenceSerializer(ActorRefResolver resolver) {
      this.resolver = resolver;
    }

    @Override
    public void write(Kryo kryo, Output output, ActorRef<?> reference) {
      output.writeString(resolver.toSerializationFormat(reference));
    }

    @Override
    public ActorRef<?> read(Kryo kryo, Input input, Class<? extends ActorRef<?>> type) {
      return resolver.resolveActorRef(input.readString());
    }
  }

  /** Lists of any kind arrive as immutable ones. */
  private static final class ListSerializer extends Serializer<List<?>> {
    @Override
    public void write(Kryo kryo, Output output, List<?> list) {
      output.writeVarInt(list.size(), true);
      for (Object element : list) {
        kryo.writeClassAndObject(output, element);
      }
    }

    @Override
    public List<?> read(Kryo kryo, Input input, Class<? extends List<?>> type) {
      int size = input.readVarInt(true);
      List<Object> list = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        list.add(kryo.readClassAndObject(input));
      }
      return List.copyOf(list);
    }
  }
}
