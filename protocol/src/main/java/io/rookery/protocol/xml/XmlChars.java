package io.rookery.protocol.xml;

import io.rookery.protocol.stream.StreamException;

/** Characters of XML 1.0 (fifth edition) in UTF-8: tables for ASCII, ranges for the rest. */
final class XmlChars {
  /** Classes of {@link #NAME}; those of plain name characters are the highest. */
  static final byte NON_ASCII = 1;

  static final byte COLON = 2;
  static final byte NAME_PART = 3;
  static final byte NAME_START = 4;

  /** Zero for bytes that need no second look in text. */
  static final byte[] TEXT = table("<&>");

  /** Zero for bytes that need no second look in an attribute value. */
  static final byte[] VALUE = table("<&'\"");

  static final byte[] NAME = names();

  private XmlChars() {}

  private static byte[] table(String special) {
    byte[] table = new byte[256];
    for (int c = 0; c < 256; c++) {
      boolean control = c < 0x20 && !isWhitespace(c);
      table[c] = (byte) (control || c >= 0x80 || special.indexOf(c) >= 0 ? 1 : 0);
    }
    return table;
  }

  private static byte[] names() {
    byte[] table = new byte[256];
    for (int c = 0; c < 256; c++) {
      if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_') {
        table[c] = NAME_START;
      } else if (c >= '0' && c <= '9' || c == '-' || c == '.') {
        table[c] = NAME_PART;
      } else if (c == ':') {
        table[c] = COLON;
      } else if (c >= 0x80) {
        table[c] = NON_ASCII;
      }
    }
    return table;
  }

  static boolean isWhitespace(int c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
  }

  /** Section 2.2, production Char. */
  static boolean isChar(int c) {
    return c >= 0x20 && c <= 0xd7ff
        || c >= 0xe000 && c <= 0xfffd
        || c >= 0x10000 && c <= 0x10ffff
        || isWhitespace(c);
  }

  /** Section 2.3, production NameStartChar without the colon, beyond ASCII. */
  static boolean isNameStart(int c) {
    return c >= 0xc0 && c <= 0x2ff && c != 0xd7 && c != 0xf7
        || c >= 0x370 && c <= 0x1fff && c != 0x37e
        || c == 0x200c
        || c == 0x200d
        || c >= 0x2070 && c <= 0x218f
        || c >= 0x2c00 && c <= 0x2fef
        || c >= 0x3001 && c <= 0xd7ff
        || c >= 0xf900 && c <= 0xfdcf
        || c >= 0xfdf0 && c <= 0xfffd
        || c >= 0x10000 && c <= 0xeffff;
  }

  /** Section 2.3, production NameChar without the colon, beyond ASCII. */
  static boolean isNamePart(int c) {
    return isNameStart(c) || c == 0xb7 || c >= 0x300 && c <= 0x36f || c == 0x203f || c == 0x2040;
  }

  /** True for a name without a colon. */
  static boolean isNcName(String s) {
    int c;
    for (int i = 0; i < s.length(); i += Character.charCount(c)) {
      c = s.codePointAt(i);
      boolean start = c < 0x80 ? NAME[c] == NAME_START : isNameStart(c);
      boolean part = c < 0x80 ? NAME[c] == NAME_PART : isNamePart(c);
      if (!start && (i == 0 || !part)) {
        return false;
      }
    }
    return !s.isEmpty();
  }

  /**
   * The index after the character beyond ASCII that starts at {@code p}, or {@code ~p} when it is
   * cut off by {@code limit} and right so far.
   *
   * @throws StreamException for bytes that are not UTF-8 (overlong forms, surrogates and values
   *     above U+10FFFF included) or not a character of XML
   */
  static int skip(byte[] b, int p, int limit) throws StreamException {
    int lead = b[p] & 0xff;
    if (lead < 0xc2 || lead > 0xf4) {
      throw XmlErrors.malformed("invalid UTF-8");
    }
    int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    int available = Math.min(length, limit - p);
    for (int i = 1; i < available; i++) {
      if ((b[p + i] & 0xc0) != 0x80) {
        throw XmlErrors.malformed("invalid UTF-8");
      }
    }
    if (available > 1 && !isSecondByte(lead, b[p + 1] & 0xff)) {
      throw XmlErrors.malformed("invalid UTF-8");
    }
    if (available < length) {
      return ~p;
    }
    if (lead == 0xef && b[p + 1] == (byte) 0xbf && (b[p + 2] & 0xff) >= 0xbe) {
      throw XmlErrors.malformed("character not allowed in XML");
    }
    return p + length;
  }

  private static boolean isSecondByte(int lead, int second) {
    return switch (lead) {
      case 0xe0 -> second >= 0xa0;
      case 0xed -> second <= 0x9f;
      case 0xf0 -> second >= 0x90;
      case 0xf4 -> second <= 0x8f;
      default -> true;
    };
  }

  /** The character beyond ASCII at {@code p}, which {@link #skip} has accepted. */
  static int codePoint(byte[] b, int p) {
    int lead = b[p] & 0xff;
    if (lead < 0xe0) {
      return (lead & 0x1f) << 6 | b[p + 1] & 0x3f;
    }
    if (lead < 0xf0) {
      return (lead & 0x0f) << 12 | (b[p + 1] & 0x3f) << 6 | b[p + 2] & 0x3f;
    }
    return (lead & 0x07) << 18 | (b[p + 1] & 0x3f) << 12 | (b[p + 2] & 0x3f) << 6 | b[p + 3] & 0x3f;
  }
}
