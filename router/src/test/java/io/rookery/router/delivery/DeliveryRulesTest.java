package io.rookery.router.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.delivery.DeliveryRules.Decision;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * RFC 6121, section 8.5, as a table. Sessions are {@code resource:priority}, {@code -} for one that
 * is not available; {@code nobody} is an account that does not exist.
 */
class DeliveryRulesTest {

  @ParameterizedTest
  @CsvSource({
    // 8.5.1: no such user
    "MESSAGE_NORMAL, bare, nobody, SERVICE_UNAVAILABLE",
    "MESSAGE_CHAT, bare, nobody, SERVICE_UNAVAILABLE",
    "MESSAGE_CHAT, /a, nobody, SERVICE_UNAVAILABLE",
    "MESSAGE_HEADLINE, bare, nobody, SERVICE_UNAVAILABLE",
    "MESSAGE_ERROR, bare, nobody, ignore",
    // 8.5.2.1: bare, somebody is available
    "MESSAGE_NORMAL, bare, a:0 b:5 c:-1 d:-, a b",
    "MESSAGE_CHAT, bare, a:0 b:5 c:-1 d:-, a b",
    "MESSAGE_HEADLINE, bare, a:0 b:5 c:-1 d:-, a b",
    "MESSAGE_GROUPCHAT, bare, a:0, SERVICE_UNAVAILABLE",
    "MESSAGE_ERROR, bare, a:0, ignore",
    // 8.5.2.2: bare, nobody takes messages
    "MESSAGE_NORMAL, bare, '', keep",
    "MESSAGE_NORMAL, bare, a:-1, keep",
    "MESSAGE_CHAT, bare, a:-1 b:-, keep",
    "MESSAGE_CHAT, bare, a:-, keep",
    "MESSAGE_HEADLINE, bare, a:-1, ignore",
    "MESSAGE_GROUPCHAT, bare, '', SERVICE_UNAVAILABLE",
    // 8.5.3.1: full, that resource is connected
    "MESSAGE_NORMAL, /a, a:0 b:9, a",
    "MESSAGE_CHAT, /a, a:-1 b:9, a",
    "MESSAGE_CHAT, /a, a:- b:9, a",
    "MESSAGE_GROUPCHAT, /a, a:0, a",
    "MESSAGE_HEADLINE, /a, a:0, a",
    "MESSAGE_ERROR, /a, a:0, a",
    // 8.5.3.2: full, that resource is not
    "MESSAGE_CHAT, /x, a:0 b:1 c:-1, a b",
    "MESSAGE_CHAT, /x, '', keep",
    "MESSAGE_NORMAL, /x, a:0, SERVICE_UNAVAILABLE",
    "MESSAGE_GROUPCHAT, /x, a:0, SERVICE_UNAVAILABLE",
    "MESSAGE_HEADLINE, /x, a:0, ignore",
    "MESSAGE_ERROR, /x, a:0, ignore",
  })
  void messages(StanzaType type, String to, String sessions, String expected) {
    LiveAccount account = account(sessions);
    Stanza message =
        Stanza.of(type, Given.ROMEO, to(to), "1", Element.of("jabber:client", "body", "x"));
    assertEquals(expected, text(DeliveryRules.message(account, message)));
  }

  @ParameterizedTest
  @CsvSource({
    "IQ_GET, bare, a:0, answer",
    "IQ_SET, bare, nobody, answer",
    "IQ_RESULT, bare, a:0, ignore",
    "IQ_ERROR, bare, a:0, ignore",
    "IQ_GET, /a, a:- b:0, a",
    "IQ_RESULT, /a, a:0, a",
    "IQ_GET, /x, a:0, SERVICE_UNAVAILABLE",
    "IQ_SET, /x, nobody, SERVICE_UNAVAILABLE",
    "IQ_RESULT, /x, a:0, ignore",
    "IQ_ERROR, /x, a:0, ignore",
  })
  void iqs(StanzaType type, String to, String sessions, String expected) {
    Stanza iq = Stanza.of(type, Given.ROMEO, to(to), "1");
    assertEquals(expected, text(DeliveryRules.iq(account(sessions), iq)));
  }

  @ParameterizedTest
  @CsvSource({
    "PRESENCE_AVAILABLE, bare, a:0 b:-1 c:-, a b",
    "PRESENCE_UNAVAILABLE, bare, a:-, ignore",
    "PRESENCE_AVAILABLE, bare, nobody, ignore",
    "PRESENCE_AVAILABLE, /a, a:- b:0, a",
    "PRESENCE_ERROR, /a, a:0, a",
    "PRESENCE_AVAILABLE, /x, a:0, ignore",
  })
  void presences(StanzaType type, String to, String sessions, String expected) {
    Stanza presence = Stanza.of(type, Given.ROMEO, to(to), null);
    assertEquals(expected, text(DeliveryRules.presence(account(sessions), presence)));
  }

  private static Jid to(String to) {
    return to.equals("bare") ? Given.JULIET : Given.JULIET.withResource(to.substring(1));
  }

  private static LiveAccount account(String sessions) {
    LiveAccount account = Given.account(Given.JULIET, !sessions.equals("nobody"));
    if (account.exists() && !sessions.isEmpty()) {
      for (String session : sessions.split(" ")) {
        String[] parts = session.split(":");
        if (parts[1].equals("-")) {
          Given.session(account, parts[0]);
        } else {
          Given.available(account, parts[0], Integer.parseInt(parts[1]));
        }
      }
    }
    return account;
  }

  private static String text(Decision decision) {
    if (decision instanceof Decision.Deliver deliver) {
      return deliver.sessions().stream()
          .map(session -> session.jid().resource())
          .collect(Collectors.joining(" "));
    } else if (decision instanceof Decision.Refuse refuse) {
      return refuse.condition().name();
    }
    return decision.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }
}
