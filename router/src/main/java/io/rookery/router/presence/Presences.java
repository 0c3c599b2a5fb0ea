package io.rookery.router.presence;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import io.rookery.storage.roster.RosterItem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The presence of the sessions of one loop (RFC 6121, section 4). */
public final class Presences {
  /** More directed presence than this is not remembered, and refused. */
  private static final int MAX_DIRECTED = 1000;

  private final Routes routes;

  public Presences(Routes routes) {
    this.routes = routes;
  }

  /**
   * A client broadcasts that it is available (sections 4.2 and 4.4).
   *
   * @return true when the session takes messages now and did not before
   */
  public boolean available(LiveAccount account, Session session, Stanza presence) {
    Integer priority = priority(presence);
    if (priority == null) {
      routes.bounce(presence, StanzaError.of(StanzaError.Condition.BAD_REQUEST));
      return false;
    }
    boolean initial = !session.isAvailable();
    boolean tookMessages = session.takesMessages();
    session.available(presence, priority);
    broadcast(account, presence);
    if (initial) {
      learnOthers(account, session);
    }
    return session.takesMessages() && !tookMessages;
  }

  /**
   * The server changes what an available client has broadcast.
   *
   * @param kept the session's last presence from now on
   */
  public void announce(LiveAccount account, Session session, Stanza presence, Stanza kept) {
    if (session.isAvailable()) {
      session.available(kept, session.priority());
      broadcast(account, presence);
    }
  }

  private void learnOthers(LiveAccount account, Session session) {
    for (RosterItem item : account.contacts()) {
      if (account.isBlocked(item.contact())) {
        continue;
      }
      if (item.pendingIn() != null) {
        Stanza request = Stanza.parse(item.pendingIn().getBytes(StandardCharsets.UTF_8));
        routes.toSession(session, request); // section 3.1.3: until it is answered
      }
    }
    probe(session, watched(account));
    for (Session other : account.sessions()) {
      if (other != session && other.isAvailable()) {
        routes.toSession(session, other.presence().withTo(session.jid()));
      }
    }
  }

  private static List<Jid> watched(LiveAccount account) {
    List<Jid> watched = new ArrayList<>();
    for (RosterItem item : account.contacts()) {
      if (item.subscription().toContact() && !account.isBlocked(item.contact())) {
        watched.add(item.contact());
      }
    }
    return watched;
  }

  private void probe(Session session, List<Jid> contacts) {
    if (!contacts.isEmpty()) {
      routes.fanout(Stanza.of(StanzaType.PRESENCE_PROBE, session.jid(), null, null), contacts);
    }
  }

  /**
   * Presence for a client may have been lost: it learns anew where its contacts are. Who is not
   * available does not answer a probe, so all are said to be away first.
   */
  public void learnAgain(LiveAccount account, Session session) {
    if (session.isAvailable()) {
      List<Jid> contacts = watched(account);
      for (Jid contact : contacts) {
        routes.toSession(
            session, Stanza.of(StanzaType.PRESENCE_UNAVAILABLE, contact, session.jid(), null));
      }
      probe(session, contacts);
    }
  }

  /** A client broadcasts that it is not available any more (section 4.5). */
  public void unavailable(LiveAccount account, Session session, Stanza presence) {
    if (session.isAvailable()) {
      Element status = presence.payload().element(Namespaces.CLIENT, "status");
      account.lastStatus(status == null ? "" : status.text());
      routes.toSession(session, presence.withTo(account.jid()));
    }
    left(account, session, presence);
  }

  /** The same for a session whose stream has ended. */
  public void left(LiveAccount account, Session session, Stanza presence) {
    boolean wasAvailable = session.isAvailable();
    session.unavailable();
    if (wasAvailable) {
      broadcast(account, presence);
    }
    for (Jid target : List.copyOf(session.directed())) {
      RosterItem item = account.contact(target.bare());
      if (!wasAvailable || item == null || !item.subscription().fromContact()) {
        routes.route(presence.withTo(target));
      }
      session.undirect(target);
    }
  }

  /** To the contacts that have the subscription, and to all own available resources. */
  private void broadcast(LiveAccount account, Stanza presence) {
    List<Jid> subscribers = new ArrayList<>();
    for (RosterItem item : account.contacts()) {
      if (item.subscription().fromContact() && !account.isBlocked(item.contact())) {
        subscribers.add(item.contact());
      }
    }
    if (!subscribers.isEmpty()) {
      routes.fanout(presence, subscribers);
    }
    for (Session own : account.sessions()) {
      if (own.isAvailable()) {
        routes.toSession(own, presence.withTo(account.jid()));
      }
    }
  }

  /** A client sends its presence to somebody in particular (section 4.6). */
  public void directed(Session session, Stanza presence) {
    if (presence.type() == StanzaType.PRESENCE_UNAVAILABLE) {
      session.undirect(presence.to());
    } else if (presence.type() == StanzaType.PRESENCE_AVAILABLE) {
      if (session.directed().size() >= MAX_DIRECTED) {
        routes.bounce(presence, StanzaError.of(StanzaError.Condition.POLICY_VIOLATION));
        return;
      }
      session.directedTo(presence.to());
    }
    routes.route(presence);
  }

  /**
   * Somebody asks for the presence of an account (section 4.3). Only who has the subscription gets
   * an answer; an account without available resources does not answer, which means the same.
   */
  public void probe(LiveAccount account, Stanza probe) {
    Jid asker = probe.from();
    if (!account.exists() || !account.allowsPresenceTo(asker)) {
      if (account.exists() && account.contact(asker.bare()) == null) {
        routes.route(
            Stanza.of(StanzaType.PRESENCE_UNSUBSCRIBED, account.jid(), asker.bare(), null));
      }
      return;
    }
    for (Session session : account.sessions()) {
      if (session.isAvailable()) {
        routes.route(session.presence().withTo(asker));
      }
    }
  }

  /** Of a presence (section 4.7.2.3); 0 when it says nothing, null when it says nonsense. */
  static Integer priority(Stanza presence) {
    Element element = presence.payload().element(Namespaces.CLIENT, "priority");
    if (element == null) {
      return 0;
    }
    try {
      int priority = Integer.parseInt(element.text().trim());
      return priority >= -128 && priority <= 127 ? priority : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
