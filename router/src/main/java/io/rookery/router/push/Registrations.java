package io.rookery.router.push;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.router.extension.AccountKey;
import io.rookery.router.session.Session;
import io.rookery.storage.push.PushRegistration;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The registrations of an account in memory. They are read when the first message comes that would
 * matter to them, and stay for as long as the account does: who has none pays no more than that.
 */
final class Registrations {
  static final AccountKey<Registrations> KEY = AccountKey.lasting(Registrations::new);

  /** Null until they have been read. */
  private List<Registration> all;

  private Future<Registrations> reading;
  private int answers;
  private int missed;
  private Stanza latest;

  boolean isRead() {
    return all != null;
  }

  /** Answers may be forged: not more of them wait than there can be registrations. */
  boolean awaitsAnswer() {
    return ++answers <= Enabling.MAX;
  }

  /** Under way, failed or null. */
  Future<Registrations> reading() {
    return reading;
  }

  void reading(Future<Registrations> begun) {
    reading = begun;
  }

  Registrations read(List<PushRegistration> stored) {
    all = new ArrayList<>(stored.size());
    stored.forEach(one -> all.add(new Registration(one)));
    reading = null;
    answers = 0;
    return this;
  }

  /** False when it is known that there is none. */
  boolean mayBeAny() {
    return all == null || !all.isEmpty();
  }

  /** As far as is known. */
  boolean hasUnread() {
    if (all != null) {
      for (int i = 0; i < all.size(); i++) {
        if (all.get(i).progress().unread() > 0) {
          return true;
        }
      }
    }
    return false;
  }

  /** A copy. */
  List<Registration> all() {
    return List.copyOf(all);
  }

  /** Those of the client that has the session. */
  List<Registration> of(Session session) {
    return all.stream().filter(one -> one.isOf(session)).toList();
  }

  /** Null when there is none. */
  Registration find(Jid service, String node) {
    return all.stream().filter(one -> one.stored().isAt(service, node)).findAny().orElse(null);
  }

  /** The one whose notification this answers, or null: nobody else's answer counts. */
  Registration underway(Jid service, String id) {
    return all.stream()
        .filter(one -> one.progress().isUnderway() && one.progress().publish().equals(id))
        .filter(one -> one.stored().service().equals(service))
        .findAny()
        .orElse(null);
  }

  boolean contains(Registration one) {
    return all.contains(one);
  }

  int size() {
    return all.size();
  }

  void add(Registration one) {
    all.add(one);
  }

  void remove(Collection<Registration> some) {
    all.removeAll(some);
  }

  /** A message that has still to be counted; true for the first of several. */
  boolean missed(Stanza message) {
    latest = message;
    return ++missed == 1;
  }

  Stanza latestMissed() {
    return latest;
  }

  int takeMissed() {
    int count = missed;
    missed = 0;
    latest = null;
    return count;
  }
}
