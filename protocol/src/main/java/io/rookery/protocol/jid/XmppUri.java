package io.rookery.protocol.jid;

import java.nio.charset.StandardCharsets;

/** Addresses as URIs (RFC 5122). */
public final class XmppUri {
  /** Section 2.2: what stands in a localpart as it is. */
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$()*+,=";

  private XmppUri() {}

  /**
   * The URI of an account or a domain, to which a query can be added.
   *
   * @param bare its resource, if it has one, is left out
   */
  public static String of(Jid bare) {
    return "xmpp:"
        + (bare.isDomain() ? bare.domain() : encoded(bare.local()) + "@" + bare.domain());
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
