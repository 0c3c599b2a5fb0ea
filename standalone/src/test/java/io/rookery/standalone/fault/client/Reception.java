package io.rookery.standalone.fault.client;

import io.rookery.standalone.conversation.Element;
import java.util.Optional;

/** What the reception of a message means for the ledger. */
final class Reception {
  private static final String CLIENT = "jabber:client";

  private Reception() {}

  /**
   * @param flow in which the receiver sends; errors of it come back
   * @param partner the only one who writes to the receiver
   */
  static void enter(
      Element message, int flow, Account receiver, Account partner, Ledgers ledgers, long nanos) {
    Optional<Tag> tag = message.child("body", CLIENT).flatMap(body -> Tag.find(body.text()));
    if ("error".equals(message.attribute("type"))) {
      refused(message, flow, tag, ledgers);
      return;
    }
    if (tag.isEmpty()
        || !tag.get().id().equals(message.attribute("id"))
        || !bare(String.valueOf(message.attribute("from"))).equals(partner.bare())
        || !bare(String.valueOf(message.attribute("to"))).equals(receiver.bare())) {
      ledgers.current().unexpected(message.toString());
      return;
    }
    String stanzaId =
        message.children("stanza-id", "urn:xmpp:sid:0").stream()
            .filter(id -> receiver.bare().equals(id.attribute("by")))
            .map(id -> id.attribute("id"))
            .findFirst()
            .orElse(null);
    ledgers.received(tag.get(), stanzaId, nanos);
  }

  /** An error need not have the body (RFC 6120, section 8.3.1), but it has the id. */
  private static void refused(Element message, int flow, Optional<Tag> tag, Ledgers ledgers) {
    String how = message.child("error", CLIENT).map(Element::toString).orElse("");
    String[] id = String.valueOf(message.attribute("id")).split("-");
    try {
      long run = tag.map(Tag::run).orElseGet(() -> Long.parseLong(id[0]));
      int sequence = tag.map(Tag::sequence).orElseGet(() -> Integer.parseInt(id[2]));
      ledgers.of(run).refused(flow, sequence, how);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      ledgers.current().unexpected(message.toString());
    }
  }

  private static String bare(String address) {
    int slash = address.indexOf('/');
    return slash < 0 ? address : address.substring(0, slash);
  }
}
