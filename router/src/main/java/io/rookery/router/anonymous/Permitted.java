package io.rookery.router.anonymous;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.stanza.Payload;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import java.util.Set;

/**
 * What of the service is for users without accounts. A new extension is not, until it is listed
 * here: who has no account could fill the database, and nobody could be held to it.
 */
public final class Permitted {
  private static final String MAM = "urn:xmpp:mam:2";
  private static final String CARBONS = "urn:xmpp:carbons:2";
  private static final String REGISTER = "jabber:iq:register";
  private static final String EXTERNAL_SERVICES = "urn:xmpp:extdisco:2";

  /** Relaying the calls of who knows whom is not to be had for nothing; nor is an account. */
  private static final Set<String> NOT_READ = Set.of(EXTERNAL_SERVICES, REGISTER);

  private static final Set<String> FEATURES =
      Set.of(
          "http://jabber.org/protocol/disco#info",
          "http://jabber.org/protocol/disco#items",
          "http://jabber.org/protocol/caps",
          "urn:xmpp:caps",
          "urn:xmpp:ping",
          "jabber:iq:version",
          "urn:xmpp:time",
          "jabber:iq:last",
          "urn:xmpp:sid:0",
          Namespaces.ROSTER,
          CARBONS);

  private Permitted() {}

  /** Whether a feature is announced to them, and by their domains and addresses. */
  public static boolean feature(String name) {
    return FEATURES.contains(name);
  }

  /**
   * Whether a request is answered. Whoever reads finds nothing of his own; what changes only the
   * session may be changed. A request of another form is answered by what it lacks.
   */
  static boolean request(Stanza iq) {
    Payload payload = iq.payload();
    if (payload.childCount() != 1) {
      return true;
    }
    String namespace = payload.namespace(0);
    return switch (namespace) {
      case CARBONS, Namespaces.SESSION -> true;
      case MAM -> payload.name(0).equals("query"); // a set that reads
      default -> iq.type() == StanzaType.IQ_GET && !NOT_READ.contains(namespace);
    };
  }
}
