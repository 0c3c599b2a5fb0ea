package io.rookery.router.account;

import io.rookery.cluster.Partitions;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stream.StreamError;
import io.rookery.router.login.SessionEnd;
import io.rookery.router.roster.Subscriptions;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Session;
import io.rookery.router.session.Stores;
import io.rookery.storage.pubsub.PersonalNodes;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/**
 * Removes an account: nobody can log in any more, its streams end, its contacts lose it from their
 * rosters, its data goes. At the account's owner.
 */
public final class AccountRemoval {
  private final Stores stores;
  private final PersonalNodes nodes;
  private final Retries retries;
  private final LiveAccounts accounts;
  private final Subscriptions subscriptions;
  private final SessionEnd sessionEnd;

  /**
   * @param nodes the store of nodes as it is read by who may know them
   */
  public AccountRemoval(
      Stores stores,
      PersonalNodes nodes,
      Retries retries,
      LiveAccounts accounts,
      Subscriptions subscriptions,
      SessionEnd sessionEnd) {
    this.stores = stores;
    this.nodes = nodes;
    this.retries = retries;
    this.accounts = accounts;
    this.subscriptions = subscriptions;
    this.sessionEnd = sessionEnd;
  }

  /**
   * Removes a loaded account; completes when its data is gone. Without keys it is nobody's any
   * more, and its name goes last: whoever could register it before would find what was left of the
   * user.
   */
  public Future<Void> remove(LiveAccount account) {
    Jid user = account.jid();
    for (Session session : List.copyOf(account.sessions())) {
      sessionEnd.close(account, session, StreamError.of(StreamError.Condition.NOT_AUTHORIZED));
    }
    Future<Void> told = retries.untilDone("tell contacts", () -> subscriptions.endAll(account));
    accounts.forget(user);
    accounts.turnedOut(user);
    return retries
        .untilDone("take keys", () -> stores.accounts().changeKeys(user, Map.of()))
        .compose(v -> told)
        .compose(
            v ->
                account.writeRoster(
                    () -> retries.untilDone("delete roster", () -> stores.rosters().delete(user))))
        .compose(
            v ->
                account.writeBlockList(
                    () ->
                        retries.untilDone(
                            "delete block list", () -> stores.blockLists().delete(user))))
        .compose(v -> account.allAppended())
        .compose(v -> retries.untilDone("delete mailbox", () -> stores.mailboxes().delete(user)))
        .compose(
            v ->
                account
                    .archive()
                    .written(
                        () ->
                            retries.untilDone(
                                "delete archive policy",
                                () -> stores.archivePolicies().delete(user))))
        .compose(
            v ->
                retries.untilDone(
                    "delete last activity", () -> stores.lastActivities().delete(user)))
        .compose(v -> account.inTurn(() -> deletePersonal(user)))
        .compose(v -> retries.untilDone("delete tokens", () -> stores.loginTokens().delete(user)))
        .compose(v -> retries.untilDone("delete account", () -> stores.accounts().delete(user)))
        .mapEmpty();
  }

  private Future<Void> deletePersonal(Jid user) {
    return retries
        .untilDone("delete private data", () -> stores.privateData().delete(user))
        .compose(v -> retries.untilDone("delete nodes", () -> nodes.delete(user)))
        .compose(v -> retries.untilDone("delete vCard", () -> stores.vcards().delete(user)))
        .compose(
            v -> retries.untilDone("delete directory entry", () -> stores.directory().delete(user)))
        .compose(
            v -> retries.untilDone("delete invitations", () -> stores.invitations().delete(user)))
        .compose(
            v ->
                retries.untilDone(
                    "delete push registrations", () -> stores.pushRegistrations().delete(user)))
        .compose(
            v ->
                retries.untilDone(
                    "remove waiting push",
                    () -> stores.pushRegistrations().waitsNoMore(Partitions.of(user), user)));
  }
}
