package io.rookery.standalone.portable;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.xml.Element;
import io.rookery.router.mailbox.OfflineMessages;
import io.rookery.router.mailbox.StanzaIds;
import io.rookery.storage.mailbox.MailboxEntry;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * A message of an account, in an archive (XEP-0227, section 4.11) or waiting for delivery (section
 * 4.5).
 *
 * @param message with both addresses
 * @param id what the other server calls it in the account's archive, null for nothing
 */
record PortableMessage(Stanza message, Instant stamp, String id) {
  private static final int MAX_ID = 256;

  /** An entry of the archive. */
  static Element archived(MailboxEntry entry) {
    return Element.of(Names.MAM, "result")
        .attribute("id", Long.toString(entry.id()))
        .with(
            Element.of(Names.FORWARD, "forwarded")
                .with(
                    Element.of(Names.DELAY, "delay").attribute("stamp", entry.time().toString()),
                    parsed(entry.stanza())));
  }

  /** An entry that waits for delivery. */
  static Element waiting(MailboxEntry entry) {
    return parsed(OfflineMessages.delayed(entry).toBytes());
  }

  private static Element parsed(byte[] stanza) {
    return Element.parse(stanza, 0, stanza.length, Namespaces.CLIENT);
  }

  /** Empty for what is no message of an archive. */
  static Optional<PortableMessage> ofArchive(Element result, Jid account) {
    Element forwarded = result.child(Names.FORWARD, "forwarded");
    Element message = forwarded == null ? null : forwarded.child(Namespaces.CLIENT, "message");
    Element delay = forwarded == null ? null : forwarded.child(Names.DELAY, "delay");
    if (message == null || delay == null) {
      return Optional.empty();
    }
    return of(message, delay, shortened(result.attribute("id")), account);
  }

  /** Empty for what is no message with a time. */
  static Optional<PortableMessage> ofWaiting(Element element, Jid account) {
    Element message = ClientNamespace.of(element);
    Element delay =
        message.children(Names.DELAY, "delay").stream()
            .filter(one -> isOfServer(one, account))
            .findFirst()
            .orElse(null);
    if (delay == null || !message.is(Namespaces.CLIENT, "message")) {
      return Optional.empty();
    }
    String id =
        message.children(Names.STANZA_IDS, "stanza-id").stream()
            .filter(one -> account.toString().equals(one.attribute("by")))
            .findFirst()
            .map(one -> shortened(one.attribute("id")))
            .orElse(null);
    return of(withoutDelays(message, account), delay, id, account);
  }

  private static String shortened(String id) {
    return id == null || id.length() > MAX_ID ? null : id;
  }

  /** What the account's server has added; it comes back with the entry's time. */
  private static boolean isOfServer(Element delay, Jid account) {
    String from = delay.attribute("from");
    return from == null || from.equals(account.domain()) || from.equals(account.toString());
  }

  private static Element withoutDelays(Element message, Jid account) {
    Element rest = message.without(Names.DELAY, "delay");
    for (Element delay : message.children(Names.DELAY, "delay")) {
      rest = isOfServer(delay, account) ? rest : rest.with(delay);
    }
    return rest;
  }

  private static Optional<PortableMessage> of(
      Element message, Element delay, String id, Jid account) {
    try {
      Instant stamp = OffsetDateTime.parse(String.valueOf(delay.attribute("stamp"))).toInstant();
      Stanza stanza = stanza(message);
      Stanza addressed =
          stanza
              .withFrom(stanza.from() == null ? account : stanza.from())
              .withTo(stanza.to() == null ? account : stanza.to());
      return Optional.of(new PortableMessage(addressed, stamp, id));
    } catch (DateTimeException | InvalidJidException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** One of a type that does not exist is a normal one (RFC 6121, section 5.2.2). */
  private static Stanza stanza(Element message) {
    try {
      return Stanza.parse(message.toBytes());
    } catch (IllegalArgumentException e) {
      return Stanza.parse(message.attribute("type", null).toBytes());
    }
  }

  /** The entry that it is in the log. */
  MailboxEntry entry(Jid account, long id, boolean archived, boolean offline) {
    boolean outgoing =
        message.from().bare().equals(account) && !message.to().bare().equals(account);
    Stanza stamped = StanzaIds.stamped(account, message, outgoing ? 0 : id);
    Jid peer = outgoing ? message.to() : message.from();
    return new MailboxEntry(id, 0, peer, outgoing, archived, offline, stamped.toBytes());
  }
}
