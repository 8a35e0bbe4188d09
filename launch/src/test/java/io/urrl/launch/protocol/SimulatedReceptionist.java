package io.urrl.launch.protocol;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.internal.receptionist.ReceptionistMessages;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/** Who is there, told to whoever asked, a little later. */
final class SimulatedReceptionist {
  private final VirtualTime time;
  private final SplittableRandom random;
  private final Map<ServiceKey<?>, Set<ActorRef<?>>> registered = new HashMap<>();
  private final Set<ReceptionistMessages.Subscribe<?>> subscribers = new LinkedHashSet<>();

  SimulatedReceptionist(VirtualTime time, SplittableRandom random) {
    this.time = time;
    this.random = random;
  }

  void on(Receptionist.Command command) {
    switch (command) {
      case ReceptionistMessages.Register<?> register ->
          registered
              .computeIfAbsent(register.key(), fresh -> new HashSet<>())
              .add(register.serviceInstance());
      case ReceptionistMessages.Subscribe<?> subscribe -> subscribers.add(subscribe);
      default -> throw new IllegalStateException("unexpected: " + command);
    }
    tell();
  }

  void remove(ActorRef<?> gone) {
    registered.values().forEach(all -> all.remove(gone));
    tell();
  }

  private void tell() {
    subscribers.forEach(
        subscribe ->
            time.in(
                random.nextLong(1, 50_000_000),
                () -> subscribe.subscriber().tell(listing(subscribe.key()))));
  }

  @SuppressWarnings("unchecked")
  private <T> Receptionist.Listing listing(ServiceKey<T> key) {
    Set<ActorRef<T>> instances = new HashSet<>();
    registered.getOrDefault(key, Set.of()).forEach(ref -> instances.add((ActorRef<T>) ref));
    return Receptionist.listing(key, instances);
  }
}
