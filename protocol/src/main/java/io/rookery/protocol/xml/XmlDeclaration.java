package io.rookery.protocol.xml;

import io.rookery.protocol.stream.StreamError.Condition;
import io.rookery.protocol.stream.StreamException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The XML declaration (XML 1.0, section 2.8; RFC 6120, sections 11.5 and 11.6). */
final class XmlDeclaration {
  private static final Pattern FORM =
      Pattern.compile(
          "<\\?xml\\s+version\\s*=\\s*(?:'1\\.0'|\"1\\.0\")"
              + "(?:\\s+encoding\\s*=\\s*(?:'([^'\"]*)'|\"([^'\"]*)\"))?"
              + "(?:\\s+standalone\\s*=\\s*(?:'(?:yes|no)'|\"(?:yes|no)\"))?"
              + "\\s*\\?>");

  private XmlDeclaration() {}

  /** Checks the declaration in {@code b[from, to)}: version 1.0, and UTF-8 if it says anything. */
  static void check(byte[] b, int from, int to) throws StreamException {
    Matcher m = FORM.matcher(new String(b, from, to - from, StandardCharsets.ISO_8859_1));
    if (!m.matches()) {
      throw XmlErrors.malformed("invalid XML declaration");
    }
    String encoding = m.group(1) != null ? m.group(1) : m.group(2);
    if (encoding != null && !encoding.equalsIgnoreCase("UTF-8")) {
      throw new StreamException(Condition.UNSUPPORTED_ENCODING, "only UTF-8");
    }
  }
}
