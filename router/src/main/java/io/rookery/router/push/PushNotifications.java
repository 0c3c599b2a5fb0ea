package io.rookery.router.push;

import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.router.RouterConfig;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Phase;
import io.rookery.router.extension.SessionKey;
import io.rookery.router.extension.Verdict;
import io.rookery.router.login.StreamListener;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Session;
import io.rookery.storage.push.PushRegistrations;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/**
 * XEP-0357: Push Notifications. An app server is told of messages that come while the client that
 * has registered it has no stream; a client that nobody looks at (XEP-0352) still has one. A
 * registration belongs to the user agent (XEP-0388), or without one the resource, of the session
 * that enabled it.
 */
public final class PushNotifications implements Extension {
  static final String NS = "urn:xmpp:push:0";

  /** The session has asked for notifications. */
  static final SessionKey<Boolean> ENABLED = SessionKey.flag("push");

  private final StoredRegistrations stored;
  private final Publisher publisher;
  private final Unread unread;
  private final Enabling enabling;
  private final LeftBehind leftBehind;

  /**
   * @param content what notifications tell
   * @param ids for notifications: hard to guess
   */
  public PushNotifications(
      PushRegistrations store,
      RouterConfig.Push content,
      LiveAccounts accounts,
      Routes routes,
      Retries retries,
      Alarm alarm,
      Clock clock,
      Supplier<String> ids,
      MeterRegistry meters) {
    Notification notification = new Notification(content);
    stored = new StoredRegistrations(store, retries, accounts);
    publisher = new Publisher(stored, accounts, routes, notification, alarm, clock, ids, meters);
    unread = new Unread(stored, publisher, notification);
    enabling = new Enabling(stored, routes, clock);
    leftBehind = new LeftBehind(stored, publisher, alarm, clock);
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(357, "0.4.1", "Push Notifications")
        .accountFeature(NS)
        .state(ENABLED)
        .iq(StanzaType.IQ_SET, NS, "enable", IqTarget.OWN_ACCOUNT, enabling::enable)
        .iq(StanzaType.IQ_SET, NS, "disable", IqTarget.OWN_ACCOUNT, enabling::disable)
        .iq(
            StanzaType.IQ_SET,
            NS,
            "enable",
            IqTarget.OTHER_ACCOUNT,
            request -> Enabling.refuse(Condition.FORBIDDEN))
        .iq(
            StanzaType.IQ_SET,
            NS,
            "disable",
            IqTarget.OTHER_ACCOUNT,
            request -> Enabling.refuse(Condition.FORBIDDEN))
        .hook(
            Flow.TO_ACCOUNT,
            Phase.FANOUT,
            StanzaType.Kind.MESSAGE,
            PushNotifications::mayBeRegistered,
            this::message)
        .hook(
            Flow.TO_ACCOUNT,
            Phase.ARCHIVE,
            StanzaType.Kind.IQ,
            PushNotifications::mayBeRegistered,
            this::answer)
        .hook(
            Flow.FROM_CLIENT,
            Phase.ARCHIVE,
            StanzaType.Kind.PRESENCE,
            account -> account.get(Registrations.KEY).hasUnread(),
            this::presence);
  }

  /** Learns which sessions lose their stream. */
  public StreamListener streams() {
    return unread;
  }

  /** The accounts of a partition are this loop's from now on, with what waits for them. */
  public void gained(int partition) {
    leftBehind.gained(partition);
  }

  /** Somebody wants to subscribe to the user's presence. */
  public void requested(LiveAccount account) {
    unread.requested(account);
  }

  /**
   * The client with this user agent is the user's no more, or not for certain: it is told nothing.
   */
  public void revoked(LiveAccount account, String agent) {
    stored.with(
        account,
        all -> {
          List<Registration> its =
              all.all().stream().filter(one -> one.stored().client().equals(agent)).toList();
          if (!its.isEmpty()) {
            stored.remove(account, its);
          }
        },
        () -> {});
  }

  private static boolean mayBeRegistered(AccountView account) {
    return account.get(Registrations.KEY).mayBeAny();
  }

  private Verdict message(Passage passage) {
    if (Urgency.wakes(passage.account().jid(), passage.stanza())) {
      unread.message((LiveAccount) passage.account(), passage.stanza());
    }
    return Verdict.PASS;
  }

  /** Where the server asks for an account, the answer comes to the account. */
  private Verdict answer(Passage passage) {
    Stanza iq = passage.stanza();
    if (iq.type().isRequest()
        || iq.to().isFull()
        || iq.id() == null
        || !iq.id().startsWith(Publisher.PREFIX)) {
      return Verdict.PASS;
    }
    LiveAccount account = (LiveAccount) passage.account();
    Registrations known = account.get(Registrations.KEY);
    if (known.isRead()) {
      publisher.answered(account, known, iq);
    } else if (known.awaitsAnswer()) {
      stored.with(account, read -> publisher.answered(account, read, iq), () -> {});
    }
    return Verdict.DROP;
  }

  /** The client is back, or begins anew, and gets what waits for it. */
  private Verdict presence(Passage passage) {
    if (!passage.session().isAvailable()
        && passage.stanza().type() == StanzaType.PRESENCE_AVAILABLE) {
      unread.seen((LiveAccount) passage.account(), (Session) passage.session());
    }
    return Verdict.PASS;
  }
}
