package io.rookery.protocol.jid;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import rocks.xmpp.precis.PrecisProfile;
import rocks.xmpp.precis.PrecisProfiles;

/**
 * Preparation and enforcement of the three parts (RFC 7622, sections 3.2 to 3.4). Plain ASCII,
 * which is nearly all there is, takes a path without PRECIS and returns the text it was given.
 */
final class JidParts {
  private static final int MAX_BYTES = 1023;

  /**
   * RFC 7622, section 3.3.1: what PRECIS would allow in a username but a localpart must not have.
   */
  private static final String LOCAL_EXCLUDED = "\"&'/:<>@";

  private JidParts() {}

  static String local(String part) {
    if (isPlainLocal(part)) {
      return bounded(part, "localpart");
    }
    String enforced = enforce(PrecisProfiles.USERNAME_CASE_MAPPED, part, "localpart");
    for (int i = 0; i < enforced.length(); i++) {
      if (LOCAL_EXCLUDED.indexOf(enforced.charAt(i)) >= 0) {
        throw new InvalidJidException("character not allowed in a localpart");
      }
    }
    return bounded(enforced, "localpart");
  }

  static String domain(String part) {
    String name = part.endsWith(".") ? part.substring(0, part.length() - 1) : part;
    if (isPlainDomain(name)) {
      return bounded(name, "domainpart");
    }
    if (name.startsWith("[") && name.endsWith("]")) {
      return bounded(ipv6(name), "domainpart");
    }
    try {
      // To the ASCII form, which validates, and back to U-labels, which is the form to compare.
      String ascii = IDN.toASCII(Normalizer.normalize(name, Normalizer.Form.NFC));
      String unicode = IDN.toUnicode(ascii.toLowerCase(Locale.ROOT));
      if (!isHostName(ascii)) {
        throw new InvalidJidException("not a domain name");
      }
      return bounded(Normalizer.normalize(unicode, Normalizer.Form.NFC), "domainpart");
    } catch (IllegalArgumentException e) {
      throw new InvalidJidException("not a domain name");
    }
  }

  static String resource(String part) {
    if (isPlainResource(part)) {
      return bounded(part, "resourcepart");
    }
    return bounded(enforce(PrecisProfiles.OPAQUE_STRING, part, "resourcepart"), "resourcepart");
  }

  private static String enforce(PrecisProfile profile, String part, String what) {
    try {
      return profile.enforce(part);
    } catch (RuntimeException e) {
      throw new InvalidJidException("not a valid " + what);
    }
  }

  private static String bounded(String part, String what) {
    if (part.isEmpty()) {
      throw new InvalidJidException("empty " + what);
    }
    // A char is at most three bytes of UTF-8, so short parts need no encoding to be measured.
    if (part.length() > MAX_BYTES / 3 && part.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new InvalidJidException(what + " of more than 1023 bytes");
    }
    return part;
  }

  private static boolean isPlainLocal(String s) {
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlainDomain(String s) {
    return !s.isEmpty()
        && isHostName(s)
        && s.chars().noneMatch(c -> c >= 'A' && c <= 'Z')
        && !s.contains("xn--");
  }

  private static boolean isHostName(String s) {
    int label = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '.') {
        if (label == 0 || s.charAt(i - 1) == '-') {
          return false;
        }
        label = 0;
      } else if (c == '-' && label > 0 || isLetterOrDigit(c)) {
        if (++label > 63) {
          return false;
        }
      } else {
        return false;
      }
    }
    return label > 0 && s.charAt(s.length() - 1) != '-';
  }

  private static boolean isLetterOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }

  private static String ipv6(String literal) {
    String address = literal.substring(1, literal.length() - 1);
    boolean plain = address.chars().allMatch(c -> "0123456789abcdefABCDEF:.".indexOf(c) >= 0);
    // With a colon in it, this parses and never asks a name server.
    if (!plain || address.indexOf(':') < 0) {
      throw new InvalidJidException("not an IPv6 literal");
    }
    try {
      InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new InvalidJidException("not an IPv6 literal");
    }
    return literal.toLowerCase(Locale.ROOT);
  }

  private static boolean isPlainResource(String s) {
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c < 0x20 || c > 0x7e) {
        return false;
      }
    }
    return true;
  }
}
