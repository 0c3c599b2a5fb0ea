package io.rookery.router.vcard;

import io.rookery.protocol.xml.Element;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The photo in a vCard (XEP-0153, section 4.5).
 *
 * @param declared the content type it is said to have, empty for none
 * @param image empty for no photo
 */
public record Photo(String declared, byte[] image) {
  /** Of the image itself. The XEP recommends 8 KiB to clients, which send more. */
  public static final int MAX_BYTES = 128 << 10;

  private static final String TYPES = "image/[a-zA-Z0-9.+-]{1,60}";

  /**
   * The photo of a vCard.
   *
   * @throws IllegalArgumentException when it is not base64
   */
  public static Photo of(Element vcard) {
    Element photo = vcard.child(Vcard.NS, "PHOTO");
    Element binary = photo == null ? null : photo.child(Vcard.NS, "BINVAL");
    if (binary == null) {
      return new Photo("", new byte[0]);
    }
    Element type = photo.child(Vcard.NS, "TYPE");
    return of(type == null ? "" : type.text().strip(), binary.text());
  }

  /**
   * An image in base64.
   *
   * @throws IllegalArgumentException when it is not base64
   */
  public static Photo of(String declared, String base64) {
    return new Photo(declared, Base64.getDecoder().decode(packed(base64)));
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

  public boolean isNone() {
    return image.length == 0;
  }

  /** Hex SHA-1, which tells contacts whether they have the image; empty for none. */
  public String hash() {
    if (isNone()) {
      return "";
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(image));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  /**
   * The content type: what the image begins with counts more than what is said of it (XEP-0153,
   * section 6). Null when it is no image.
   */
  public String type() {
    if (begins("\u0089PNG")) {
      return "image/png";
    }
    if (begins("\u00ff\u00d8\u00ff")) {
      return "image/jpeg";
    }
    if (begins("GIF8")) {
      return "image/gif";
    }
    return declared.matches(TYPES) ? declared : null;
  }

  private boolean begins(String magic) {
    byte[] bytes = magic.getBytes(StandardCharsets.ISO_8859_1);
    return image.length >= bytes.length
        && Arrays.equals(bytes, 0, bytes.length, image, 0, bytes.length);
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(image);
  }

  /** The vCard with this photo and no other. */
  public Element in(Element vcard) {
    Element without = vcard.without(Vcard.NS, "PHOTO");
    if (isNone()) {
      return without;
    }
    return without.with(
        Element.of(Vcard.NS, "PHOTO")
            .with(Element.of(Vcard.NS, "TYPE", type()), Element.of(Vcard.NS, "BINVAL", base64())));
  }
}
