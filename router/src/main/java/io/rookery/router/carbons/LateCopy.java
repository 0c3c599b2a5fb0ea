package io.rookery.router.carbons;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.xml.Element;
import io.rookery.router.mailbox.OfflineMessages;
import io.rookery.router.mailbox.StanzaIds;

/** A copy that a client gets long after its message, because it was away (XEP-0198, section 5). */
public final class LateCopy {
  private LateCopy() {}

  /**
   * The copy with the time of its message (XEP-0203), where an archive has it (XEP-0297). As it is
   * when that is not known, because the message is not in the log, or is not before the given time.
   *
   * @param stanza any
   * @param before milliseconds since 1970
   */
  public static Stanza of(Stanza stanza, long before) {
    for (String direction : new String[] {"sent", "received"}) {
      if (stanza.payload().has(Carbons.NS, direction)) {
        return late(stanza, stanza.payload().element(Carbons.NS, direction), before);
      }
    }
    return stanza;
  }

  private static Stanza late(Stanza copy, Element direction, long before) {
    Element forwarded = direction.child(Copy.FORWARD, "forwarded");
    Jid account = copy.from();
    long position = StanzaIds.of(account, forwarded.child(Namespaces.CLIENT, "message"));
    if (position == 0 || position >>> 16 >= before) {
      return copy;
    }
    Element dated = forwarded.with(OfflineMessages.delay(account.domain(), position));
    Element changed = direction.without(Copy.FORWARD, "forwarded").with(dated);
    return copy.withPayload(
        copy.payload().without(child -> child.is(Carbons.NS, direction.name())).plus(changed));
  }
}
