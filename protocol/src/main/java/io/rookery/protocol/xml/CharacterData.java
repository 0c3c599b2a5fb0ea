package io.rookery.protocol.xml;

import java.nio.charset.StandardCharsets;

/**
 * From checked bytes to strings: references resolved, line ends and the whitespace of attribute
 * values normalized (XML 1.0, sections 2.11, 3.3.3 and 4.1).
 */
final class CharacterData {
  private CharacterData() {}

  /** The value of an attribute between its quotes. */
  static String attributeValue(byte[] b, int from, int to) {
    for (int p = from; p < to; p++) {
      if (b[p] == '&' || b[p] >= 0 && b[p] < ' ') {
        return decode(b, from, to, true);
      }
    }
    return KnownStrings.of(b, from, to);
  }

  /** Text between tags, without CDATA sections. */
  static String text(byte[] b, int from, int to) {
    for (int p = from; p < to; p++) {
      if (b[p] == '&' || b[p] == '\r') {
        return decode(b, from, to, false);
      }
    }
    return new String(b, from, to - from, StandardCharsets.UTF_8);
  }

  /** The inside of a CDATA section. */
  static String cdata(byte[] b, int from, int to) {
    String raw = new String(b, from, to - from, StandardCharsets.UTF_8);
    return raw.indexOf('\r') < 0 ? raw : raw.replace("\r\n", "\n").replace('\r', '\n');
  }

  private static String decode(byte[] b, int from, int to, boolean value) {
    StringBuilder out = new StringBuilder(to - from);
    int plain = from;
    int p = from;
    while (p < to) {
      int c = b[p];
      if (c != '&' && (c < 0 || c >= ' ')) {
        p++;
        continue;
      }
      out.append(new String(b, plain, p - plain, StandardCharsets.UTF_8));
      if (c == '&') {
        p = reference(b, p + 1, out);
      } else {
        boolean pair = c == '\r' && p + 1 < to && b[p + 1] == '\n';
        out.append(value ? ' ' : c == '\r' ? '\n' : (char) c);
        p += pair ? 2 : 1;
      }
      plain = p;
    }
    return out.append(new String(b, plain, to - plain, StandardCharsets.UTF_8)).toString();
  }

  /** Appends the reference that starts after its ampersand; returns the index after it. */
  private static int reference(byte[] b, int from, StringBuilder out) {
    int end = from;
    while (b[end] != ';') {
      end++;
    }
    String name = new String(b, from, end - from, StandardCharsets.US_ASCII);
    switch (name) {
      case "lt" -> out.append('<');
      case "gt" -> out.append('>');
      case "amp" -> out.append('&');
      case "apos" -> out.append('\'');
      case "quot" -> out.append('"');
      default -> {
        boolean hex = name.charAt(1) == 'x';
        out.appendCodePoint(Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10));
      }
    }
    return end + 1;
  }
}
