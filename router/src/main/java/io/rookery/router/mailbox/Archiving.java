package io.rookery.router.mailbox;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.StorageOverloadedException;
import io.vertx.core.Future;
import java.util.Set;

/** Decides what of an account's messages goes to its log, and stamps it with its id there. */
public final class Archiving {
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
   * @param position that id, 0 when it is not there
   * @param durable completes when what is to be kept is kept
   */
  public record Kept(Stanza stanza, long position, Future<Void> durable) {}

  /** Who has a message when it comes. */
  public enum Taker {
    /** Nobody: it waits in the log. */
    NOBODY,
    /** Sessions that will resume: the log is the one place that survives this router. */
    WAITING,
    /** Clients that will acknowledge it; until then it counts as waiting in the log. */
    MANAGED,
    /** A client that takes what it is sent. */
    CLIENT
  }

  /**
   * A message for the account.
   *
   * @param origin of the client's stanza, 0 for none
   */
  public Kept received(LiveAccount account, Stanza message, Taker taker, long origin) {
    boolean archived = isArchived(account, message, message.from());
    boolean nobody = taker == Taker.NOBODY;
    if (!archived && !nobody && !(taker == Taker.WAITING && OfflineMessages.isKept(message))) {
      Stanza clean = StanzaIds.unforged(account.jid(), message);
      return new Kept(clean, 0, Future.succeededFuture());
    }
    if (nobody) {
      if (account.offlineKept() >= maxOffline) {
        return new Kept(
            message, 0, Future.failedFuture(new StorageOverloadedException("offline messages")));
      }
      account.offlineKept(account.offlineKept() + 1);
    }
    long id = mailbox.nextId(account);
    Stanza stamped = StanzaIds.stamped(account.jid(), message, id);
    boolean offline = taker != Taker.CLIENT;
    Future<Void> durable =
        mailbox.append(
            account,
            new Mailbox.Entry(id, origin, message.from(), false, archived, offline, nobody),
            stamped);
    return new Kept(stamped, id, durable);
  }

  /**
   * Keeps a message that a session was handed and may not have received: what of it no other node
   * has must be in the log.
   *
   * @return the message with its id there; position 0 when such messages are not kept
   */
  public Kept unreceived(LiveAccount account, Stanza message, long origin) {
    return OfflineMessages.isKept(message)
        ? received(account, message, Taker.WAITING, origin)
        : new Kept(message, 0, Future.succeededFuture());
  }

  /**
   * A message that the account's sessions have been handed by the owner before, which did not get
   * it into the log.
   *
   * @param position the id that it was handed out with
   */
  public Future<Void> delivered(LiveAccount account, Stanza message, long position, long origin) {
    boolean archived = isArchived(account, message, message.from());
    return mailbox.append(
        account,
        new Mailbox.Entry(position, origin, message.from(), false, archived, true, false),
        StanzaIds.stamped(account.jid(), message, position));
  }

  /**
   * A message from the account; it goes on as it is, without its id. One to itself is kept when it
   * is received: once (XEP-0313, section 5.1.1).
   */
  public Kept sent(LiveAccount account, Stanza message, long origin) {
    if (message.to().bare().equals(account.jid()) || !isArchived(account, message, message.to())) {
      return new Kept(message, 0, Future.succeededFuture());
    }
    long id = mailbox.nextId(account);
    Future<Void> durable =
        mailbox.append(
            account,
            new Mailbox.Entry(id, origin, message.to(), true, true, false, false),
            message);
    return new Kept(message, durable.failed() ? 0 : id, durable);
  }

  private boolean isArchived(LiveAccount account, Stanza message, Jid peer) {
    return !archivedDomains.isEmpty()
        && archivedDomains.contains(account.jid().domain())
        && StoreRules.isArchived(message)
        && account.archive().archives(peer, account::isContact);
  }
}
