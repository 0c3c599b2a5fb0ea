package io.rookery.router.vcard;

import io.rookery.protocol.xml.Element;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** The photo in a vCard (XEP-0153, section 4.5). */
final class Photo {
  /** Of the image itself. The XEP recommends 8 KiB to clients, which send more. */
  static final int MAX_BYTES = 128 << 10;

  private static final byte[] NONE = new byte[0];

  private Photo() {}

  /**
   * The image, empty when there is none.
   *
   * @throws IllegalArgumentException when it is not base64
   */
  static byte[] of(Element vcard) {
    Element photo = vcard.child(Vcard.NS, "PHOTO");
    Element binary = photo == null ? null : photo.child(Vcard.NS, "BINVAL");
    return binary == null ? NONE : Base64.getDecoder().decode(packed(binary.text()));
  }

  /** Without white space, which may be anywhere (RFC 2045, section 6.8). */
  private static String packed(String text) {
    StringBuilder packed = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isWhitespace(text.charAt(i))) {
        packed.append(text.charAt(i));
      }
    }
    return packed.toString();
  }

  /** Hex SHA-1, which tells contacts whether they have the image; empty for none. */
  static String hash(byte[] image) {
    if (image.length == 0) {
      return "";
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(image));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
