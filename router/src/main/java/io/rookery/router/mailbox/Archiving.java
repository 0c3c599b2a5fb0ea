package io.rookery.router.mailbox;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.xml.Element;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.StorageOverloadedException;
import io.vertx.core.Future;
import java.util.Set;

/** Decides what of an account's messages goes to its log, and stamps it with its id there. */
public final class Archiving {
  private static final String STANZA_IDS = "urn:xmpp:sid:0";

  private final Mailbox mailbox;
  private final Set<String> archivedDomains;
  private final int maxOffline;

  /**
   * @param archivedDomains domains that keep all their messages; of others only what waits for a
   *     user who is away
   * @param maxOffline messages waiting for one user; counted from when the account was loaded
   */
  public Archiving(Mailbox mailbox, Set<String> archivedDomains, int maxOffline) {
    this.mailbox = mailbox;
    this.archivedDomains = Set.copyOf(archivedDomains);
    this.maxOffline = maxOffline;
  }

  /**
   * @param stanza as it is to be delivered: with its id in the log (XEP-0359) when it is there
   * @param durable completes when what is to be kept is kept
   */
  public record Kept(Stanza stanza, Future<Void> durable) {}

  /**
   * A message for the account.
   *
   * @param offline nobody takes it now: it must be kept
   */
  public Kept received(LiveAccount account, Stanza message, boolean offline) {
    boolean archived = isArchived(account.jid(), message);
    if (!archived && !offline) {
      return new Kept(message, Future.succeededFuture());
    }
    if (offline) {
      if (account.offlineKept() >= maxOffline) {
        return new Kept(
            message, Future.failedFuture(new StorageOverloadedException("offline messages")));
      }
      account.offlineKept(account.offlineKept() + 1);
    }
    long id = mailbox.nextId(account);
    Stanza stamped = stamped(account.jid(), message, id);
    Future<Void> durable =
        mailbox.append(account, id, message.from(), false, archived, offline, stamped);
    return new Kept(stamped, durable);
  }

  /** A message from the account; completes when it is kept, at once when it need not be. */
  public Future<Void> sent(LiveAccount account, Stanza message) {
    if (!isArchived(account.jid(), message)) {
      return Future.succeededFuture();
    }
    long id = mailbox.nextId(account);
    return mailbox.append(account, id, message.to(), true, true, false, message);
  }

  private boolean isArchived(Jid user, Stanza message) {
    return !archivedDomains.isEmpty()
        && archivedDomains.contains(user.domain())
        && OfflineMessages.isKept(message);
  }

  private static Stanza stamped(Jid user, Stanza message, long id) {
    Stanza clean =
        message.payload().hasNamespace(STANZA_IDS) ? withoutForged(message, user) : message;
    return clean.plus(
        Element.of(STANZA_IDS, "stanza-id")
            .attribute("by", user.toString())
            .attribute("id", Long.toUnsignedString(id)));
  }

  /** XEP-0359, section 3: nobody else may speak in the account's name. */
  private static Stanza withoutForged(Stanza message, Jid user) {
    return message.withPayload(
        message
            .payload()
            .without(
                element ->
                    element.is(STANZA_IDS, "stanza-id")
                        && user.toString().equals(element.attribute("by"))));
  }
}
