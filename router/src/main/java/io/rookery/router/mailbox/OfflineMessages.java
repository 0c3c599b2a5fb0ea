package io.rookery.router.mailbox;

import io.rookery.protocol.SupportedXep;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Manifest;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Session;
import io.rookery.router.session.Stores;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes.OfflineState;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/**
 * XEP-0160: messages that found nobody are in the mailbox log, marked; the first resource that
 * takes messages gets them, in order and with the time they were sent (XEP-0203). What was
 * delivered is behind a cursor: nothing is deleted.
 */
public final class OfflineMessages implements Extension {
  private static final int PAGE = 200;
  private static final String DELAY = "urn:xmpp:delay";

  private final Stores stores;
  private final Retries retries;
  private final Routes routes;

  public OfflineMessages(Stores stores, Retries retries, Routes routes) {
    this.stores = stores;
    this.retries = retries;
    this.routes = routes;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(160, "1.0.1", "Best Practices for Handling Offline Messages")
        .also(SupportedXep.complete(203, "2.0", "Delayed Delivery", ""))
        .also(SupportedXep.complete(334, "1.0.0", "Message Processing Hints", ""))
        .serverFeature("msgoffline");
  }

  /** Whether a message without a taker is worth keeping (section 3; XEP-0334). */
  public static boolean isKept(Stanza message) {
    return StoreRules.isKept(message);
  }

  /**
   * Delivers what waits to a session. Completes when it is on its way and the cursor has moved;
   * until then nothing else may be delivered to the account, or order would be lost.
   *
   * @param alreadyHanded id up to which an owner before has done it, 0 for none
   */
  public Future<Void> deliver(LiveAccount account, Session session, long alreadyHanded) {
    Jid user = account.jid();
    account.offlineKept(0);
    return account
        .allAppended()
        .compose(
            v ->
                retries.untilDone(
                    "read offline cursor", () -> stores.mailboxes().offlineState(user)))
        .compose(state -> deliverAfter(account, session, state, alreadyHanded))
        .onSuccess(v -> session.caughtUp());
  }

  private Future<Void> deliverAfter(
      LiveAccount account, Session session, OfflineState state, long alreadyHanded) {
    account.cursor(state.cursor());
    if (state.mayHaveMore()) {
      long taken = Math.max(account.cursor(), account.lastTaken());
      return deliverFrom(account, session, Math.max(taken, alreadyHanded));
    }
    account.caughtUp();
    return Future.succeededFuture();
  }

  private Future<Void> deliverFrom(LiveAccount account, Session session, long position) {
    return retries
        .untilDone("read mailbox", () -> stores.mailboxes().read(account.jid(), position, PAGE))
        .compose(
            page -> {
              if (!account.sessions().contains(session)) {
                return Future.succeededFuture();
              }
              if (page.size() < PAGE) {
                account.caughtUp();
              }
              if (page.isEmpty()) {
                return Future.succeededFuture();
              }
              hand(account, session, page);
              long end = page.get(page.size() - 1).id();
              account.logged(end);
              Future<Void> moved = moveCursor(account);
              return page.size() < PAGE
                  ? moved
                  : moved.compose(v -> deliverFrom(account, session, end));
            });
  }

  private void hand(LiveAccount account, Session session, List<MailboxEntry> page) {
    for (MailboxEntry entry : page) {
      if (entry.offline() && !entry.outgoing() && !account.isBlocked(entry.peer())) {
        routes.toTakers(List.of(session), delayed(entry), entry.id(), entry.origin());
      }
    }
  }

  /**
   * Remembers how far sessions have taken what is in the log: the next delivery starts after it.
   * Completes at once when nothing has changed.
   */
  public Future<Void> moveCursor(LiveAccount account) {
    long position = account.lastTaken();
    if (position <= account.cursor()) {
      return Future.succeededFuture();
    }
    account.cursor(position);
    return account.writeCursor(
        cursor ->
            retries.untilDone(
                "move offline cursor",
                () -> stores.mailboxes().moveOfflineCursor(account.jid(), cursor)));
  }

  /** A message from the log with the time it came (XEP-0203). */
  public static Stanza delayed(MailboxEntry entry) {
    return delayed(Stanza.parse(entry.stanza()), entry.id());
  }

  /**
   * The same for a message at hand.
   *
   * @param position its id in the log
   */
  public static Stanza delayed(Stanza stanza, long position) {
    if (stanza.payload().has(DELAY, "delay")) {
      return stanza;
    }
    return stanza.plus(delay(stanza.to().domain(), position));
  }

  /** When a message came to a domain's account (XEP-0203), by its id in the log. */
  public static Element delay(String domain, long position) {
    return Element.of(DELAY, "delay")
        .attribute("from", domain)
        .attribute("stamp", Instant.ofEpochMilli(position >>> 16).toString());
  }
}
