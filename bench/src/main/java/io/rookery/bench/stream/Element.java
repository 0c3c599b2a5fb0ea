package io.rookery.bench.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * One element as the peer sent it: the bytes from {@code <} up to {@code end}. A view into the
 * splitter's buffer, valid only until the callback that received it returns.
 *
 * <p>Lookups are textual: an element is found by its name as written, prefix included, and values
 * stay escaped, so that an address can be put back into an attribute as it came.
 */
public record Element(byte[] bytes, int start, int end) {

  /** Whether the element is written with this name. */
  public boolean is(String name) {
    int after = start + 1 + name.length();
    return after < end && matches(name, start + 1) && endsName(bytes[after]);
  }

  /** The raw value of an attribute of the start tag, or null. */
  public String attribute(String name) {
    int at = start + 1;
    while (at < end && !endsName(bytes[at])) {
      at++;
    }
    while (at < end) {
      at = skipSpace(at);
      if (at >= end || bytes[at] == '>' || bytes[at] == '/') {
        return null;
      }
      int equals = indexOf((byte) '=', at);
      if (equals < 0) {
        return null;
      }
      int open = skipSpace(equals + 1);
      int close = open < end ? indexOf(bytes[open], open + 1) : -1;
      if (close < 0) {
        return null;
      }
      if (matches(name, at) && skipSpace(at + name.length()) == equals) {
        return new String(bytes, open + 1, close - open - 1, UTF_8);
      }
      at = close + 1;
    }
    return null;
  }

  /** Whether the start tag has the attribute with exactly this raw value. */
  public boolean has(String attribute, String value) {
    return value.equals(attribute(attribute));
  }

  /**
   * The first element after this start tag with the name, at any depth, or null. Its {@code end} is
   * that of this element.
   */
  public Element find(String name) {
    for (int at = indexOf((byte) '<', start + 1); at >= 0; at = indexOf((byte) '<', at + 1)) {
      Element candidate = new Element(bytes, at, end);
      if (candidate.is(name)) {
        return candidate;
      }
    }
    return null;
  }

  /** The raw text between the start tag and the next tag; empty when there is none. */
  public String text() {
    int close = StanzaSplitter.tagEnd(bytes, start, end);
    if (close < 0 || bytes[close - 2] == '/') {
      return "";
    }
    int next = indexOf((byte) '<', close);
    return new String(bytes, close, (next < 0 ? end : next) - close, UTF_8);
  }

  /** Whether the ASCII text occurs anywhere in the element. */
  public boolean contains(String ascii) {
    return indexOf(ascii.getBytes(US_ASCII), start) >= 0;
  }

  /** The position of the bytes at or after {@code from}, or -1. */
  public int indexOf(byte[] wanted, int from) {
    for (int at = indexOf(wanted[0], from); at >= 0; at = indexOf(wanted[0], at + 1)) {
      int last = at + wanted.length;
      if (last <= end && Arrays.equals(bytes, at, last, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  /** At most {@code limit} characters of the element, for a diagnostic. */
  public String excerpt(int limit) {
    return new String(bytes, start, Math.min(limit, end - start), UTF_8);
  }

  private int indexOf(byte wanted, int from) {
    for (int at = from; at < end; at++) {
      if (bytes[at] == wanted) {
        return at;
      }
    }
    return -1;
  }

  private int skipSpace(int from) {
    int at = from;
    while (at < end && isSpace(bytes[at])) {
      at++;
    }
    return at;
  }

  private boolean matches(String name, int at) {
    if (at + name.length() > end) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (bytes[at + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean endsName(byte b) {
    return isSpace(b) || b == '>' || b == '/';
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\t' || b == '\r';
  }
}
