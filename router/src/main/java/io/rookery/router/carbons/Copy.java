package io.rookery.router.carbons;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Payload;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.xml.XmlWriter;
import io.rookery.router.extension.Passage;
import io.rookery.router.mailbox.StanzaIds;

/**
 * A message inside another one (XEP-0297), with the id it has in the account's log (XEP-0359). Its
 * children stay the bytes they came in.
 */
final class Copy {
  static final String FORWARD = "urn:xmpp:forward:0";

  private Copy() {}

  /**
   * @param direction "sent" or "received"
   * @return from the account's bare address, of the message's type, to nobody yet
   */
  static Stanza of(String direction, Passage passage) {
    Jid account = passage.account().jid();
    Stanza message = passage.stanza();
    boolean sent = passage.session() != null;
    Stanza original =
        sent ? StanzaIds.stamped(account, message, passage.outcome().position()) : message;
    return new Stanza(message.type(), account, null, null, null, payload(direction, original));
  }

  private static Payload payload(String direction, Stanza message) {
    XmlWriter writer = new XmlWriter(512 + message.payload().length());
    writer.startTag(direction).attribute("xmlns", Carbons.NS);
    writer.startTag("forwarded").attribute("xmlns", FORWARD);
    writer
        .startTag("message")
        .attribute("xmlns", Namespaces.CLIENT)
        .attribute("from", message.from().toString())
        .attribute("to", message.to().toString())
        .attribute("id", message.id())
        .attribute("type", message.type().xmlName())
        .attribute("xml:lang", message.lang());
    message.payload().writeTo(writer);
    writer.endTag("message").endTag("forwarded").endTag(direction);
    return Payload.indexed(
        writer.toByteArray(),
        0,
        writer.length(),
        new String[] {Carbons.NS, direction},
        new int[] {0, writer.length()});
  }
}
