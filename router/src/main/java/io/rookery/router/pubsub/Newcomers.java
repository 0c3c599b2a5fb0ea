package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Relations;
import io.rookery.router.session.Retries;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What accounts get that may see a node only now: the last item (XEP-0163, section 4.3.4), as those
 * do whose subscription is new. It goes where notifications go.
 */
public final class Newcomers {
  private final Nodes nodes;
  private final Items items;
  private final Notifications notifications;
  private final Retries retries;

  Newcomers(Nodes nodes, Items items, Notifications notifications, Retries retries) {
    this.nodes = nodes;
    this.items = items;
    this.notifications = notifications;
    this.retries = retries;
  }

  /** The node has been changed by its owner. */
  Future<List<Effect>> of(AccountView account, Node before, Node now) {
    Set<Jid> gained = new LinkedHashSet<>(Access.subscribers(account, now).accounts());
    gained.removeAll(Access.subscribers(account, before).accounts());
    return gained.isEmpty() ? Future.succeededFuture(List.of()) : last(account, now, gained);
  }

  /** A contact is in other groups than before. */
  public Future<List<Effect>> regrouped(AccountView account, RosterItem before) {
    return retries
        .untilDone("read nodes", () -> nodes.of(account))
        .compose(all -> regrouped(account, all.values(), before));
  }

  private Future<List<Effect>> regrouped(
      AccountView account, Collection<Node> all, RosterItem before) {
    Relations as = new Acquaintance.Away(account.jid(), before, account.blockList());
    List<Effect> effects = new ArrayList<>();
    List<Future<?>> reads = new ArrayList<>();
    for (Node node : all) {
      if (!Access.allows(as, node, before.contact())
          && Access.subscribers(account, node).accounts().contains(before.contact())) {
        reads.add(last(account, node, Set.of(before.contact())).onSuccess(effects::addAll));
      }
    }
    return Future.all(reads).map(done -> effects);
  }

  private Future<List<Effect>> last(AccountView account, Node node, Set<Jid> whom) {
    return retries
        .untilDone("read the last item", () -> items.last(account, node))
        .map(
            last ->
                last.isEmpty() || !node.isSentToSubscribers()
                    ? List.of()
                    : List.of(
                        notifications.lastItem(
                            new Items.Latest(account.jid(), node, last.get()), whom)));
  }
}
