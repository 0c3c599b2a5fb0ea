package io.rookery.router.extension;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.xml.Element;

/**
 * An IQ get or set that the server answers.
 *
 * @param stanza stamped with its sender
 * @param query its one child, parsed
 * @param account whose account is asked; null when a server is
 * @param session the sender's session when it is one of the account's own; otherwise null
 * @param origin names the request over all repetitions: the next owner does again what this one may
 *     have done already; 0 when it is not an own client's
 */
public record IqRequest(
    Stanza stanza,
    Element query,
    IqTarget target,
    AccountView account,
    SessionView session,
    long origin) {

  /** The full address of the sender. */
  public Jid from() {
    return stanza.from();
  }
}
