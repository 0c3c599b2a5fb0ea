package io.rookery.router.invitation;

import io.rookery.protocol.jid.Jid;
import java.nio.charset.StandardCharsets;

/** The links of invitations (RFC 5122; XEP-0401, XEP-0445, section 2). */
final class InvitationUri {
  /** RFC 5122, section 2.2: what stands in an address as it is. */
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$()*+,=";

  private InvitationUri() {}

  static String roster(Jid inviter, String token, boolean registers) {
    return "xmpp:" + address(inviter) + "?roster;preauth=" + token + (registers ? ";ibr=y" : "");
  }

  /**
   * @param account or a domain
   */
  static String register(Jid account, String token) {
    return "xmpp:" + address(account) + "?register;preauth=" + token;
  }

  private static String address(Jid bare) {
    return bare.isDomain() ? bare.domain() : encoded(bare.local()) + "@" + bare.domain();
  }

  private static String encoded(String local) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : local.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (PLAIN.indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        encoded.append('%').append("%02X".formatted(b));
      }
    }
    return encoded.toString();
  }
}
