package io.rookery.standalone.service;

import io.rookery.cluster.Partitions;
import io.rookery.protocol.jid.Jid;
import io.rookery.router.roster.SubscriptionStates;
import io.rookery.router.roster.SubscriptionType;
import io.rookery.router.roster.Transition;
import io.rookery.standalone.cli.AccountRemoval;
import io.rookery.storage.cassandra.CassandraStorage;
import io.rookery.storage.pubsub.PersonalNodes;
import io.rookery.storage.pubsub.StoredNode;
import io.rookery.storage.roster.Roster;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.Rosters;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/**
 * Removes an account from the database of a service that does not run: its own data, the
 * subscriptions in the rosters of its contacts (RFC 6121, sections 3.2 and 3.3), and what it is to
 * their nodes.
 */
record StoredRemoval(CassandraStorage storage) implements AccountRemoval {

  /** Its keys first, its name last; when this breaks off, it can be repeated. */
  @Override
  public Future<Boolean> remove(Jid user) {
    return storage
        .accounts()
        .changeKeys(user, Map.of())
        .compose(existed -> endSubscriptions(user).map(existed))
        .compose(
            existed ->
                Future.all(
                        List.of(
                            storage.rosters().delete(user),
                            storage.mailboxes().delete(user),
                            storage.archivePolicies().delete(user),
                            storage.blockLists().delete(user),
                            storage.lastActivities().delete(user),
                            storage.privateData().delete(user),
                            storage.vcards().delete(user),
                            storage.directory().delete(user),
                            storage.loginTokens().delete(user),
                            storage.personalNodes().delete(user),
                            storage.pushRegistrations().delete(user),
                            storage.pushRegistrations().waitsNoMore(Partitions.of(user), user),
                            storage.invitations().delete(user)))
                    .compose(done -> storage.accounts().delete(user))
                    .map(existed));
  }

  private Future<Void> endSubscriptions(Jid user) {
    return storage
        .rosters()
        .load(user)
        .compose(
            roster -> {
              Future<Void> ended = Future.succeededFuture();
              for (RosterItem item : roster.items().values()) {
                ended =
                    ended
                        .compose(v -> endSubscriptions(user, item))
                        .compose(v -> leaveNodes(user, item.contact()));
              }
              return ended;
            });
  }

  private Future<Void> endSubscriptions(Jid user, RosterItem item) {
    return storage
        .rosters()
        .load(item.contact())
        .compose(
            roster ->
                roster.items().containsKey(user)
                    ? endSubscriptions(user, item, roster)
                    : Future.succeededFuture());
  }

  /** What the contact's side makes of the stanzas that the service would send. */
  private Future<Void> endSubscriptions(Jid user, RosterItem item, Roster contacts) {
    RosterItem before = contacts.items().get(user);
    RosterItem now = before;
    for (SubscriptionType type : SubscriptionStates.removal(item)) {
      now = SubscriptionStates.inbound(now, type, null).next();
    }
    Transition transition = SubscriptionStates.gone(now);
    if (transition.next().equals(before)) {
      return Future.succeededFuture();
    }
    Rosters rosters = storage.rosters();
    long version = contacts.version() + 1;
    return transition.forgotten()
        ? rosters.remove(item.contact(), user, version)
        : rosters.put(item.contact(), transition.next(), version);
  }

  private Future<Void> leaveNodes(Jid user, Jid contact) {
    PersonalNodes nodes = storage.personalNodes();
    return nodes
        .nodes(contact)
        .compose(
            all -> {
              Future<Void> left = Future.succeededFuture();
              for (StoredNode node : all) {
                StoredNode without = node.without(user);
                if (!without.equals(node)) {
                  left = left.compose(v -> nodes.putNode(contact, without));
                }
              }
              return left;
            });
  }
}
