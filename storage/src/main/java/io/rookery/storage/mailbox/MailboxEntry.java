package io.rookery.storage.mailbox;

import io.rookery.protocol.jid.Jid;
import java.time.Instant;

/**
 * One message in a mailbox log.
 *
 * @param id time-ordered, unique within the mailbox, assigned by the owner; used as stanza-id
 *     (XEP-0359). The upper 48 bits are milliseconds since 1970, see {@link #time}
 * @param origin the client's stanza this entry was made of, by its session and counter: the same
 *     when the stanza is handled again after its first owner died, 0 for none
 * @param peer the other side, as a full or bare address
 * @param outgoing sent by the owner of the mailbox
 * @param archived part of the message archive (XEP-0313); others are kept for delivery only
 * @param offline stored while no resource could take it: to be delivered on the next presence
 * @param stanza the message as serialized XML
 */
public record MailboxEntry(
    long id,
    long origin,
    Jid peer,
    boolean outgoing,
    boolean archived,
    boolean offline,
    byte[] stanza) {

  /** When the owner accepted the message. */
  public Instant time() {
    return Instant.ofEpochMilli(id >>> 16);
  }
}
