package io.rookery.router.sasl;

import java.util.Base64;

/**
 * The last message of a SCRAM client (RFC 5802, section 7): {@code c=...,r=...,p=...}.
 *
 * @param channelBinding the GS2 header, followed by the binding's data if any
 * @param withoutProof the part of the message that is signed, as sent
 */
record ClientFinal(byte[] channelBinding, String nonce, byte[] proof, String withoutProof) {

  static ClientFinal parse(String message) throws Refusal {
    int proofStart = message.lastIndexOf(",p=");
    if (proofStart < 0) {
      throw Refusal.malformed("no proof");
    }
    ScramAttributes signed = new ScramAttributes(message.substring(0, proofStart));
    return new ClientFinal(
        base64(signed.next('c')),
        signed.next('r'),
        base64(message.substring(proofStart + 3)),
        signed.text());
  }

  /** The one encoding of each value: JDK's decoder also takes lost padding and stray bits. */
  private static byte[] base64(String text) throws Refusal {
    try {
      byte[] value = Base64.getDecoder().decode(text);
      if (Base64.getEncoder().encodeToString(value).equals(text)) {
        return value;
      }
      throw Refusal.malformed("not base64");
    } catch (IllegalArgumentException e) {
      throw Refusal.malformed("not base64");
    }
  }
}
