package io.rookery.router.invitation;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.jid.XmppUri;

/** The links of invitations (XEP-0401, XEP-0445, section 2). */
final class InvitationUri {
  private InvitationUri() {}

  static String roster(Jid inviter, String token, boolean registers) {
    return XmppUri.of(inviter) + "?roster;preauth=" + token + (registers ? ";ibr=y" : "");
  }

  /**
   * @param account or a domain
   */
  static String register(Jid account, String token) {
    return XmppUri.of(account) + "?register;preauth=" + token;
  }
}
