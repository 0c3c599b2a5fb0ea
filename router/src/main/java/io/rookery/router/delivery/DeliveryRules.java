package io.rookery.router.delivery;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.router.mailbox.OfflineMessages;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import java.util.ArrayList;
import java.util.List;

/** Who gets a stanza that is for an account (RFC 6121, section 8.5). Decides only. */
final class DeliveryRules {
  private DeliveryRules() {}

  /** What is to be done with a stanza. */
  sealed interface Decision {

    /** Hand it to these sessions; at least one. */
    record Deliver(List<Session> sessions) implements Decision {}

    /** Keep it until a session takes it. */
    record Keep() implements Decision {}

    /** Return it with this error. */
    record Refuse(StanzaError.Condition condition) implements Decision {}

    /** Nobody is told. */
    record Ignore() implements Decision {}

    /** The server answers for the account. */
    record Answer() implements Decision {}
  }

  private static final Decision KEEP = new Decision.Keep();
  private static final Decision IGNORE = new Decision.Ignore();
  private static final Decision ANSWER = new Decision.Answer();
  private static final Decision UNAVAILABLE =
      new Decision.Refuse(StanzaError.Condition.SERVICE_UNAVAILABLE);

  static Decision message(LiveAccount account, Stanza message) {
    Jid to = message.to();
    if (to.isFull()) {
      Session session = account.session(to.resource());
      if (session != null) {
        return new Decision.Deliver(List.of(session)); // 8.5.3.1
      }
    }
    return switch (message.type()) {
      case MESSAGE_CHAT -> toBare(account, message);
      case MESSAGE_NORMAL -> to.isFull() ? UNAVAILABLE : toBare(account, message); // 8.5.3.2.1
      case MESSAGE_HEADLINE -> to.isFull() ? IGNORE : headline(account);
      case MESSAGE_GROUPCHAT -> UNAVAILABLE;
      default -> IGNORE; // an error is never answered, and there is nobody to show it to
    };
  }

  private static Decision toBare(LiveAccount account, Stanza message) {
    List<Session> takers = takers(account);
    if (!takers.isEmpty()) {
      return new Decision.Deliver(takers);
    }
    if (!account.exists() || account.isAnonymous()) {
      return UNAVAILABLE; // 8.5.1; who is anonymous does not come back
    }
    return OfflineMessages.isKept(message) ? KEEP : IGNORE;
  }

  private static Decision headline(LiveAccount account) {
    List<Session> takers = takers(account);
    if (takers.isEmpty()) {
      return account.exists() ? IGNORE : UNAVAILABLE;
    }
    return new Decision.Deliver(takers);
  }

  /** All resources of non-negative priority (8.5.2.1.1): every device in sync. */
  private static List<Session> takers(LiveAccount account) {
    List<Session> sessions = account.sessions();
    if (sessions.size() == 1) {
      return sessions.get(0).takesMessages() ? List.of(sessions.get(0)) : List.of();
    }
    List<Session> takers = new ArrayList<>(sessions.size());
    for (Session session : sessions) {
      if (session.takesMessages()) {
        takers.add(session);
      }
    }
    return takers;
  }

  static Decision iq(LiveAccount account, Stanza iq) {
    if (iq.to().isBare()) {
      return iq.type().isRequest() ? ANSWER : IGNORE; // 8.5.2.1.3
    }
    Session session = account.session(iq.to().resource());
    if (session != null) {
      return new Decision.Deliver(List.of(session));
    }
    return iq.type().isRequest() ? UNAVAILABLE : IGNORE; // 8.5.3.2.3
  }

  static Decision presence(LiveAccount account, Stanza presence) {
    if (presence.to().isFull()) {
      Session session = account.session(presence.to().resource());
      return session == null ? IGNORE : new Decision.Deliver(List.of(session));
    }
    List<Session> available = new ArrayList<>(account.sessions().size());
    for (Session session : account.sessions()) {
      if (session.isAvailable()) {
        available.add(session);
      }
    }
    return available.isEmpty() ? IGNORE : new Decision.Deliver(available);
  }
}
