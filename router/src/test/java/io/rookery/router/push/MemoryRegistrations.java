package io.rookery.router.push;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.push.PushRegistration;
import io.rookery.storage.push.PushRegistrations;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The registrations of one account, kept in memory. */
final class MemoryRegistrations implements PushRegistrations {
  final List<PushRegistration> all = new ArrayList<>();
  final Map<Integer, Set<Jid>> waiting = new HashMap<>();
  int loads;

  /** When what is written next is. */
  Future<Void> written = Future.succeededFuture();

  @Override
  public Future<List<PushRegistration>> load(Jid user) {
    loads++;
    return Future.succeededFuture(List.copyOf(all));
  }

  @Override
  public Future<Void> put(Jid user, PushRegistration registration) {
    return remove(user, List.of(registration)).onSuccess(v -> all.add(registration));
  }

  @Override
  public Future<Void> update(Jid user, PushRegistration registration) {
    all.replaceAll(
        one ->
            one.isAt(registration.service(), registration.node())
                ? one.with(registration.progress())
                : one);
    return written;
  }

  @Override
  public Future<Void> remove(Jid user, Collection<PushRegistration> registrations) {
    registrations.forEach(gone -> all.removeIf(one -> one.isAt(gone.service(), gone.node())));
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> waits(int partition, Jid user) {
    waiting.computeIfAbsent(partition, p -> new HashSet<>()).add(user);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> waitsNoMore(int partition, Jid user) {
    waiting.getOrDefault(partition, Set.of()).remove(user);
    return Future.succeededFuture();
  }

  @Override
  public Future<List<Jid>> waiting(int partition) {
    return Future.succeededFuture(List.copyOf(waiting.getOrDefault(partition, Set.of())));
  }

  @Override
  public Future<Void> delete(Jid user) {
    throw new AssertionError("only with the account");
  }
}
