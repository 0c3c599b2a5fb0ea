package io.rookery.router.session;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.storage.archive.ArchivePolicy;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.roster.Roster;
import io.rookery.storage.roster.RosterItem;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Accounts and sessions as they are in memory, without loading them. */
public final class Given {
  public static final LoopAddress CONNECTOR = new LoopAddress("connector", 0);
  public static final Jid JULIET = Jid.parse("juliet@capulet.example");
  public static final Jid ROMEO = Jid.parse("romeo@montague.example/orchard");

  private Given() {}

  public static LiveAccount account(Jid jid, boolean exists, RosterItem... contacts) {
    LiveAccount account = new LiveAccount(jid);
    account.loaded(
        exists,
        BlockList.NOBODY,
        ArchivePolicy.EVERYTHING,
        new Roster(
            1,
            Arrays.stream(contacts)
                .collect(Collectors.toMap(RosterItem::contact, Function.identity()))));
    return account;
  }

  /** The account of somebody without an account, which is there. */
  public static LiveAccount guest(Jid jid) {
    LiveAccount account = new LiveAccount(jid, true);
    account.loaded(true, BlockList.NOBODY, ArchivePolicy.EVERYTHING, Roster.EMPTY);
    return account;
  }

  public static RosterItem contact(Jid bare, RosterItem.Subscription subscription) {
    return new RosterItem(bare, null, subscription, false, false, null, false, Set.of());
  }

  /** A session that is not available yet; its stream has the number of the account's sessions. */
  public static Session session(LiveAccount account, String resource) {
    int stream = account.sessions().size();
    Session session =
        new Session(account.jid().withResource(resource), 100, CONNECTOR, stream, "192.0.2.1", 1);
    account.add(session);
    return session;
  }

  public static Session available(LiveAccount account, String resource, int priority) {
    Session session = session(account, resource);
    session.available(
        Stanza.of(StanzaType.PRESENCE_AVAILABLE, session.jid(), null, null), priority);
    return session;
  }
}
